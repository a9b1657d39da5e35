import { execFile } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { fairnessGate } from '../../../simulator/statistics/fairness.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const CI = join(ROOT, 'docs/ci')
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-ci-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly if?: string
}

/** A repository with the files of the example in its root, and a strategy that its gate asks about. */
async function repository(): Promise<{
  home: string
  run: (command: string) => Promise<{ code: number; stdout: string }>
}> {
  const home = mkdtempSync(join(folder, 'repository-'))
  const bin = join(home, '..', `bin-${home.slice(-6)}`)
  mkdirSync(bin)
  // What is published is tried elsewhere; here npx finds what is checked out, and there is nothing to install.
  writeFileSync(
    join(bin, 'npx'),
    `#!/bin/sh\nshift\nexec '${process.execPath}' '${join(ROOT, 'cli.ts')}' "$@"\n`,
  )
  writeFileSync(join(bin, 'npm'), '#!/bin/sh\nexit 0\n')
  for (const name of ['npx', 'npm']) chmodSync(join(bin, name), 0o755)
  const { NODE_COMPILE_CACHE, PATH } = process.env
  const author = {
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@localhost',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@localhost',
  }
  const env = {
    ...author,
    NODE_COMPILE_CACHE,
    PATH: `${bin}${delimiter}${PATH}`,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  }
  const run = async (command: string) => {
    try {
      const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: home, env })
      return { code: 0, stdout }
    } catch (error) {
      const { code, stderr, stdout } = error as { code: number; stdout: string; stderr: string }
      return { code, stdout: stdout + stderr }
    }
  }
  cpSync(join(CI, 'check.sh'), join(home, 'check.sh'))
  await run('git init -q -b main')
  return { home, run }
}

const GATE = `
scenarios:
  - name: small
    scenario:
      duration: 10s
      warmup: 1s
      arrivals: { type: poisson, rate: 300 }
      work: { type: exponential, mean: 10ms }
      servers: [{ count: 4 }]
    strategies: [./mine.mjs]
    thresholds: [errors <= 0%]
`

const strategy = (pick: string): string => `export default class {
  next = 0
  update(servers) { this.servers = servers }
  pick() { return this.servers[${pick} % this.servers.length] }
  settled() {}
}
`

describe.concurrent('the example for continuous integration', { timeout: 60_000 }, () => {
  test('is a workflow whose steps are there', () => {
    const { jobs, on } = parse(readFileSync(join(CI, 'github-actions.yaml'), 'utf8'))
    expect(on).toBe('pull_request')
    const steps = jobs.check.steps as Step[]
    for (const step of steps) expect(step.uses ?? step.run).toBeTypeOf('string')
    const [checkout] = steps as { uses?: string; with?: object }[]
    // A branch to compare with is there only if all of the history is.
    expect(checkout).toMatchObject({
      uses: expect.stringMatching(/^actions\/checkout@/),
      with: { 'fetch-depth': 0 },
    })
    const check = steps.find(({ run }) => run?.includes('check.sh'))!
    const [, script, , gate] = check.run!.trim().split(' ')
    expect([script, gate].every((name) => existsSync(join(CI, name)))).toBe(true)
    expect(steps.find((step) => step.run?.includes('GITHUB_STEP_SUMMARY'))?.if).toBe('always()')
  })

  test('passes what is no worse than the branch to merge into, and fails what is', async () => {
    const { home, run } = await repository()
    const { jobs } = parse(readFileSync(join(CI, 'github-actions.yaml'), 'utf8'))
    const command = (jobs.check.steps as Step[])
      .find((step) => step.run?.includes('check.sh'))!
      .run!.replace('origin/$GITHUB_BASE_REF', 'main')
    writeFileSync(join(home, 'evenkeel.check.yaml'), GATE)
    writeFileSync(join(home, 'mine.mjs'), strategy('this.next++'))
    expect((await run('git add -A && git commit -qm one && git checkout -qb change')).code).toBe(0)
    const same = await run(command)
    expect(same.stdout).toContain('the same to the last digit')
    expect(same.code).toBe(0)
    // Eight in a row to each.
    writeFileSync(join(home, 'mine.mjs'), strategy('(this.next++ >> 3)'))
    const worse = await run(command)
    expect(worse.stdout).toMatch(
      /\| ❌ \| \.\/mine\.mjs \| mean no worse than the baseline \| \+.*: worse \|/,
    )
    expect(worse.stdout).toMatch(
      /npx evenkeel check evenkeel\.check\.yaml --only small --seed 1 --reps 10 --baseline \S+/,
    )
    expect(worse.code).toBe(99)
    expect(existsSync(join(home, 'evenkeel-report/base'))).toBe(false)
  })

  test('has a gate file that holds', async () => {
    const { run } = await repository()
    const { code, stdout } = await run(`npx evenkeel check '${join(CI, 'evenkeel.check.yaml')}'`)
    expect(stdout).toMatch(/^✓ power_of_two +p99 < 120ms +[\d.]+ ms \(/m)
    expect(stdout).toMatch(/^✓ random +shares within 10\.0 % of what is due/m)
    expect(stdout).toContain('are allowed, exactly')
    expect(code).toBe(0)
  })

  test('says in its document how many requests a gate for fairness takes, and every exit code', () => {
    const text = readFileSync(join(CI, 'README.md'), 'utf8')
    for (const count of [3, 10]) {
      const weights = Array.from({ length: count }, () => 1)
      const needed = [0.2, 0.1, 0.05].map((off) =>
        fairnessGate(weights, off).needed.toLocaleString('en'),
      )
      expect(text).toContain(`| ${count} | ${needed.join(' | ')} |`)
    }
    for (const code of [0, 99, 3, 2, 130]) expect(text).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'))
  })
})
