import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
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

const RANDOM_AND_LEAST = ['--strategy', 'random,least_connections']

describe.concurrent('evenkeel sim', { timeout: 60_000 }, () => {
  test('has help that fits a terminal', async () => {
    const { stdout } = await sim('--help')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  test('puts strategies side by side, with verdicts, and exits with 0', async () => {
    const { code, stderr, stdout, words } = await sim(file('a.json', CALM), ...RANDOM_AND_LEAST)
    expect([code, stderr]).toEqual([0, ''])
    expect(words).toContain('4 servers · arrivals poisson, rate 300 · work exponential, mean 10')
    expect(words).toContain('10 replications · 4 s each · the first 500 ms left out · seed 5')
    expect(stdout).toMatch(/^random +\d+\.\d ±\d+\.\d /m)
    expect(words).toContain('Against random · 10 pairs')
    expect(words).toMatch(/least_connections mean better by \d+\.\d ±\d+\.\d %/)
    // Nothing for a terminal in a pipe.
    expect(stdout).not.toContain('\u001B')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  test('gives the same bytes as JSON with one thread and with two', async () => {
    const path = file('b.json', { ...CALM, warmup: undefined })
    const args = [path, ...RANDOM_AND_LEAST, '--reps', '4', '--format', 'json', '--threads']
    const [one, two] = await Promise.all([sim(...args, '1'), sim(...args, '2')])
    expect(one.stdout).toBe(two.stdout)
    const result = JSON.parse(one.stdout)
    expect(result).toMatchObject({
      scenario: { seed: 5, duration: 4000 },
      contenders: [{ name: 'random' }, { name: 'least_connections' }],
      warmup: { given: 'auto' },
      replications: 4,
      interrupted: false,
      steadiness: 'steady',
    })
    expect(result.seeds).toHaveLength(4)
    expect(result.strategies[0].runs[0].seed).toBe(5)
    expect(result.strategies[1].verdicts.mean.word).toBe('better')
  })

  test('repeats a replication by its seed and warm-up', async () => {
    const path = file('c.json', CALM)
    const all = JSON.parse((await sim(path, '--reps', '3', '--format', 'json')).stdout)
    const { runs } = all.strategies[0]
    const args = ['--seed', String(all.seeds[2]), '--reps', '1', '--format', 'json']
    const again = JSON.parse((await sim(path, ...args)).stdout)
    expect(again.strategies[0].runs).toEqual([runs[2]])
  })

  test('takes modules with strategies of their own, and files of strategies', async () => {
    const mine = file(
      'mine.mjs',
      `export default class {
  next = 0
  update(servers) { this.servers = servers }
  pick() { return this.servers[this.next++ % this.servers.length] }
  settled() {}
}`,
    )
    const text = `export default ${JSON.stringify(CALM)}\nexport const strategies = ['round_robin', '${mine}']`
    const { code, stdout } = await sim(file('scenario.ts', text), '--reps', '2', '--format', 'json')
    const { contenders, strategies } = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(contenders[1]).toMatchObject({ name: mine, options: {} })
    expect(contenders[1].sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(strategies[1].runs).toEqual(strategies[0].runs)
  })

  test("runs an experiment's strategies, its own ones too, and those of them that are named", async () => {
    const folder = dirname(file('scenario.yaml', { ...CALM, name: undefined }))
    const strategy = `{ own: 'first', factory: { promise: 'adaptive', create: () => new First() } }`
    writeFileSync(
      join(folder, 'experiment.ts'),
      `class First {
  name = 'first'
  update(servers: readonly unknown[]) { this.servers = servers }
  pick() { return this.servers[0] }
  settled() {}
}
export default { cases: [
  { strategy: 'random' },
  { strategy: ${strategy} },
  { strategy: 'round_robin', variant: 'other' },
] }`,
    )
    const args = ['--reps', '1', '--format', 'json']
    const all = await sim(folder, ...args)
    const { contenders, strategies } = JSON.parse(all.stdout)
    expect(all).toMatchObject({ code: 0, stderr: '' })
    expect(contenders).toMatchObject([
      { name: 'random', strategy: 'random' },
      { name: 'first', experiment: basename(folder) },
    ])
    expect(strategies[1].runs[0].mostShare).toBe(1)
    const named = await sim(folder, '--strategy', 'first', ...args)
    expect(JSON.parse(named.stdout).strategies).toEqual([{ ...strategies[1], verdicts: {} }])
    const { words } = await sim(folder, '--reps', '1')
    expect(words).toContain(`npm run experiments -- ${basename(folder)}`)
  })

  test('warns of what is hardly meant', async () => {
    const { words } = await sim(file('t.json', CALM), '--strategy', 'maglev', '--reps', '1')
    expect(words).toContain('! maglev goes by key, without keys')
  })

  test('tells which strategy throws, and where, and exits with 2', async () => {
    const tired = file(
      'tired.mjs',
      `let picks = 0
export default class {
  update(servers) { this.servers = servers }
  pick() { if (++picks > 20000) throw new Error('tired'); return this.servers[0] }
  settled() {}
}`,
    )
    const args = ['--duration', '100', '--reps', '1', '--strategy', tired]
    const { code, stderr } = await sim(file('d.json', CALM), ...args)
    expect(stderr).toBe(`evenkeel sim: ${tired} threw Error: tired (tired.mjs:4:39)\n`)
    expect(code).toBe(2)
  })

  test('refuses a file of a strategy that never comes back', async () => {
    const stuck = file(
      'stuck.mjs',
      'export default () => ({ update() {}, settled() {}, pick() { for (;;) {} } })',
    )
    const { code, stderr } = await sim(file('e.json', CALM), '--strategy', stuck)
    expect(stderr).toContain('breaks the law "it always comes back": pick did not')
    expect(code).toBe(2)
  })

  test('goes on until it is precise, or exits with 3', async () => {
    const path = file('h.json', CALM)
    const precise = await sim(path, '--until-precise', '8%', '--reps', '5')
    expect(precise.words).toMatch(/Mean and p99 are known to ±[\d.]+ % or better, as asked/)
    expect(precise.code).toBe(0)
    const vague = await sim(path, '--until-precise', '0.1%', '--max-reps', '6')
    expect(vague.words).toContain('Could not decide: mean and p99 are known to')
    expect(vague.words).toContain('6 replications')
    expect(vague.code).toBe(3)
  })

  test('prints what is known so far when it is interrupted, and exits with 130', async () => {
    // Says so when a thread has done a dozen runs. It is tried before, but not for so long, nor is its output shown then.
    const talks = file(
      'talks.mjs',
      `import { writeSync } from 'node:fs'
let picks = 0
export default class {
  update(servers) { this.servers = servers }
  pick() { if (++picks === 30000) writeSync(2, 'far enough'); return this.servers[0] }
  settled() {}
}`,
    )
    const slow = { ...CALM, arrivals: { type: 'poisson', rate: 50 }, duration: 50_000 }
    const args = [file('i.json', slow), '--reps', '90000', '--strategy', `random,${talks}`]
    using program = new Program('cli.ts', ['sim', ...args])
    await program.says('far enough')
    program.child.kill('SIGINT')
    expect(await program.exit()).toBe(130)
    const words = program.stdout.replaceAll(/\s+/g, ' ')
    expect(words).toMatch(/Stopped: this is from \d+ of 90,000 replications/)
    expect(words).toMatch(/Against random · \d+ pairs/)
  })

  test('writes all of it into a folder', async () => {
    const out = join(folder, 'out')
    const args = ['--reps', '2', '--format', 'csv', '--out', out]
    const { code, stdout } = await sim(file('j.json', CALM), ...args)
    expect(code).toBe(0)
    expect(readdirSync(out).sort()).toEqual(['result.json', 'table.csv', 'table.md'])
    expect(readFileSync(join(out, 'table.csv'), 'utf8')).toBe(stdout)
    expect(stdout).toMatch(
      /^strategy,steadiness,figure,replications,mean,.*\nrandom,steady,mean,2,\d/,
    )
    expect(readFileSync(join(out, 'table.md'), 'utf8')).toContain('| random | ')
  })

  test('replays a trace', async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${i / 100},${i % 7},${5 + (i % 3)}`)
    const trace = file('t.csv', `t,key,service_ms\n${lines.join('\n')}\n`)
    const args = [
      '--trace',
      trace,
      '--servers',
      '2',
      '--speed',
      '2x',
      '--strategy',
      'rr,rendezvous',
    ]
    const { code, stdout } = await sim(...args, '--reps', '2', '--format', 'json')
    const { scenario, strategies, trace: told } = JSON.parse(stdout)
    expect(code).toBe(0)
    expect(told).toMatchObject({ name: 't.csv', requests: 300, speed: 2 })
    expect(scenario).toMatchObject({ duration: 1496, arrivals: { type: 'trace', speed: 2 } })
    expect(strategies[0].runs[0].requests).toBe(300)
    expect(strategies[0].runs[0].mean).toBeCloseTo(6, 0)
    expect(told.timed).toBe(true)
    expect(told.warnings.join()).toContain('includes waiting in the server')
    const slow = await sim('--trace', trace, '--servers', '1', '--speed', '10', '--reps', '1')
    expect(slow.words).toContain('No steady state as replayed: by the recorded times')
    expect(slow.words).toContain('! a service time in a log includes waiting in the server')
    const made = await sim(
      '--trace',
      trace,
      '--servers',
      '1',
      '--work',
      '8+key/100',
      '--speed',
      '20',
    )
    expect(made.words).toContain('No steady state exists')
    expect(made.words).not.toContain('includes waiting')
    const without = await sim('--trace', file('u.csv', 't\n0\n1\n'))
    expect(without.stderr).toContain(
      'u.csv does not say how long requests take: say it with --work',
    )
    expect(without.code).toBe(2)
  })

  test('writes a scenario to begin with, that runs, and never over a file', async () => {
    const path = join(folder, 'first.yaml')
    expect((await sim('--init', path)).stdout).toContain(`npx evenkeel sim ${path}`)
    const { code, words } = await sim(path, '--reps', '2', '--duration', '10')
    expect([code, words.includes('Against least_connections')]).toEqual([0, true])
    const again = await sim('--init', path)
    expect(again.stderr).toContain('is there already')
    expect(again.code).toBe(2)
  })

  test.each([
    [[], 'which scenario?'],
    [['nowhere'], 'there is no nowhere'],
    [['two-choises'], 'did you mean two-choices?'],
    [['--init', join(folder, 'my.ts')], 'my.ts must end in .yaml or .yml: what is written is YAML'],
    [['--init', join(folder, 'no', 'x.yaml')], 'x.yaml cannot be written: ENOENT'],
    [[file('k.json', { ...CALM, work: { type: 'exponential', mean: -1 } })], 'work.mean must be '],
    [[file('l.json', { name: 'x' })], 'duration is required'],
    [[file('m.yaml', 'a: [')], 'not valid YAML'],
    [
      [file('s.json', { ...CALM, strategies: ['x'] })],
      /there is no strategy "x".*s\.json:1:\d+\)$/m,
    ],
    [[file('n.ts', 'export const x = 1')], 'has no default export'],
    [[file('o.json', CALM), '--strategy', 'rond_robin'], 'did you mean round_robin?'],
    [[file('p.json', CALM), '--warmup', '4'], 'a warm-up of 4 s leaves nothing of 4 s'],
    [[file('q.json', CALM), '--speed', '2'], '--speed needs a --trace'],
    [[file('q.json', CALM), '--list'], '--list takes no scenario'],
    [[file('q.json', CALM), '--work', 'bytes'], '--work needs a --trace'],
    [[file('q.json', CALM), '--out', 'package.json'], '--out package.json cannot be a folder'],
    [[file('r.json', CALM), '--format', 'xml'], 'There are: human, json, csv, markdown.'],
  ])('exits with 2 for %j, and says what is wrong', async (args, words) => {
    const { code, stderr, stdout } = await sim(...args)
    expect(stderr).toMatch(words)
    expect([code, stdout]).toEqual([2, ''])
  })
})
