/**
 * The experiments are in step with what they are made from, and what was expected holds or is explained. Here the first run of each case
 * is repeated; `npm run experiments -- --check` repeats all of them, byte for byte.
 */
import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Judged } from '../../experiments/frame/finding.ts'
import { type Answered, questions } from '../../experiments/frame/index-page.ts'
import { CHAPTERS, EXPERIMENTS } from '../../experiments/frame/list.ts'
import { inStep } from '../../experiments/frame/page.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Stored extends Answered {
  readonly question: string
  readonly findings: readonly Judged[]
}

function read(path: string): string {
  return readFileSync(`${ROOT}experiments/${path}`, 'utf8')
}

function stored(name: string): Stored {
  const [, shows] = /<title>(.*)<\/title>/.exec(read(`${name}/chart.svg`))!
  return { ...(JSON.parse(read(`${name}/results.json`)) as Stored), shows }
}

// In a process of its own: the simulator is three times as fast outside of the test runner.
test('the first run of every case comes out as it was', { timeout: 120_000 }, async () => {
  const main = `${ROOT}experiments/frame/main.ts`
  const run = await promisify(execFile)(process.execPath, [main, '--quick']).catch(
    (error: { stdout: string }) => error,
  )
  expect(run.stdout).not.toContain('is not what comes out')
  for (const name of Object.keys(EXPERIMENTS)) expect(run.stdout).toContain(name)
})

for (const [name, experiment] of Object.entries(EXPERIMENTS)) {
  describe(name, () => {
    const { answer, findings, question } = stored(name)

    test('finds what was expected, or says why not', () => {
      expect(findings.length).toBeGreaterThan(0)
      for (const { holds, instead, says } of findings) expect(instead === '', says).toBe(holds)
    })

    test('asks one question, and answers it in one sentence', () => {
      expect(question).toBe(experiment.question)
      expect(question).toMatch(/^[A-Z][^?]*\?$/)
      expect(answer).toMatch(/^[A-Z].*\.$/)
      expect(answer).not.toMatch(/[a-z)%][.?!] [A-Z]/)
    })

    test('has a page with the answer, and a command that repeats it', () => {
      const page = read(`${name}/README.md`)
      expect(page).toContain(`# ${question}\n\n**${answer}**`)
      expect(page).toContain(`npm run experiments -- ${name}\n`)
      for (const [, path] of page.matchAll(/\]\((?!http)([^)#]+)/g)) {
        expect(existsSync(`${ROOT}experiments/${name}/${path}`), path).toBe(true)
      }
    })

    test('has at least five replications', () => {
      expect(experiment.replications).toBeGreaterThanOrEqual(5)
    })
  })
}

describe('the index', () => {
  const page = read('README.md')

  test('has every question there is', () => {
    const folders = globSync('*/scenario.ts', { cwd: `${ROOT}experiments` })
    const names = folders.map((path) => path.split('/')[0])
    expect(Object.keys(EXPERIMENTS).toSorted()).toEqual(names.toSorted())
  })

  test('is in step with the answers', () => {
    const answers = Object.fromEntries(Object.keys(EXPERIMENTS).map((name) => [name, stored(name)]))
    expect(inStep(page, { questions: questions(CHAPTERS, answers) })).toBe(page)
  })

  test('links to what exists', () => {
    for (const [, path] of page.matchAll(/(?:\]\(|src=")([^)"]+)/g)) {
      expect(existsSync(`${ROOT}experiments/${path}`), path).toBe(true)
    }
  })
})
