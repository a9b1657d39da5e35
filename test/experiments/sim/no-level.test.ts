import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Program } from '../../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-sim-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CALM = {
  name: 'Calm',
  seed: 5,
  duration: 4000,
  warmup: 500,
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 4 }],
  strategy: 'random',
}

function file(name: string, content: string | object): string {
  const path = join(mkdtempSync(join(folder, 'own-')), name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

async function sim(...args: string[]) {
  using program = new Program('cli.ts', ['sim', ...args])
  const code = await program.exit()
  const { stderr, stdout } = program
  return { code, stderr, stdout, words: stdout.replaceAll(/\s+/g, ' ') }
}

describe.concurrent('evenkeel sim, where there is no level', { timeout: 60_000 }, () => {
  test('says that no steady state exists, instead of a mean, where more arrives than fits', async () => {
    const path = file('f.json', { ...CALM, arrivals: { type: 'poisson', rate: 500 } })
    const { code, stdout, words } = await sim(path, '--reps', '2')
    expect(words).toContain('No steady state exists: 125.0 % of what the servers can do arrives')
    expect(stdout).toMatch(/^random +– +– +– +– +–/m)
    expect(code).toBe(0)
    const { strategies } = JSON.parse((await sim(path, '--reps', '2', '--format', 'json')).stdout)
    expect(strategies[0].figures).toMatchObject({ mean: null, p50: null, p99: null })
  })

  test('warns of runs that are too short for their load', async () => {
    const short = { ...CALM, duration: 60, warmup: undefined }
    const path = file('short.json', short)
    const { words } = await sim(path, '--reps', '2')
    expect(words).toContain('! duration is 60 ms: a number without a unit')
    expect(words).toContain('! 60 ms may be too short: at a load of 0.75')
    const long = await sim(path, '--reps', '2', '--duration', '80ms', '--format', 'json')
    expect(JSON.parse(long.stdout).warnings.join()).toMatch(/^80 ms may be too short/)
  })

  test('tells no mean where an event leaves servers behind that are too slow', async () => {
    const events = [{ at: 1000, server: '*', set: { speed: 0.5 } }]
    const { stdout, words } = await sim(file('late.json', { ...CALM, events }), '--reps', '2')
    expect(words).toContain('No steady state exists: from 1 s on, after an event, 150.0 % of what')
    expect(stdout).toMatch(/^random +– +– +– +– +–/m)
  })

  test('says so of one strategy, where only that overloads a server', async () => {
    const servers = [{ count: 3 }, { speed: 0.3 }]
    const path = file('g.json', {
      ...CALM,
      duration: 20_000,
      servers,
      arrivals: { type: 'poisson', rate: 200 },
    })
    const { words } = await sim(path, '--strategy', 'round_robin,least_connections')
    expect(words).toContain('No steady state with round_robin')
    expect(words).toContain('least_connections settles, and round_robin does not')
  })
})
