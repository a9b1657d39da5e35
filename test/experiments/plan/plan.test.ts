import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readBound, readMoment, readWeights } from '../../../experiments/plan/options.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { Program } from '../../support/program.ts'
import { writtenLog } from '../../support/written-log.ts'
import { bookOf } from '../../simulator/infer/book-of.ts'
import { planned } from './planned.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-plan-verb-'))
afterAll(() => rmSync(folder, { recursive: true }))

const world: Scenario = {
  name: 'world',
  seed: 5,
  duration: 20_000,
  arrivals: { type: 'poisson', rate: 150 },
  work: { type: 'exponential', mean: 20 },
  servers: [{ workers: 4 }, { workers: 4, speed: 0.5 }],
  strategy: 'random',
}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

let log = ''
beforeAll(() => {
  log = file('access.log', writtenLog(world))
})

async function plan(...args: string[]) {
  using program = new Program('cli.ts', ['plan', ...args])
  const code = await program.exit()
  return { code, stdout: program.stdout, stderr: program.stderr }
}

const LOOSE = ['--max-p50', '50%', '--max-p99', '100%', '--reps', '2']

describe('evenkeel plan', () => {
  test('tells a person, and writes files; the exit code is 0', async () => {
    const out = join(folder, 'out')
    const asked = ['--current', 'random', '--strategy', 'least_connections', '--out', out]
    const { code, stderr, stdout } = await plan(log, ...asked, ...LOOSE)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^access\.log · evenkeel · 2,9\d\d requests in 0:19 from 2026-03-09/)
    expect(stdout).toContain('servers first come first served')
    expect(stdout).toContain('✔ The copy does what random did')
    expect(stdout).toMatch(
      /✔ least_connections would have been better: p99 \S+ → \S+ ms \(−\d+ % ± \d+\)/,
    )
    expect(stdout).toMatch(/if one dies .*\nrandom +without s1/)
    expect(stdout).toMatch(/traffic that it bears +until p99 is/)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(code).toBe(0)
    const json = JSON.parse(readFileSync(join(out, 'plan.json'), 'utf8')) as {
      calibration: { passed: boolean }
      forecasts: { word?: string }[]
    }
    expect(json.calibration.passed).toBe(true)
    expect(json.forecasts.map(({ word }) => word)).toEqual([undefined, 'better'])
    expect(readFileSync(join(out, 'plan.md'), 'utf8')).toContain('| p99, ms |')
  })

  test('refuses with 3 what it cannot reproduce', async () => {
    const { code, stdout } = await plan(log, '--current', 'first', '--strategy', 'random')
    expect(stdout).toContain('✘ The copy does not do what first did')
    expect(stdout).toContain('✘ too far')
    expect(stdout).not.toContain('would have been')
    expect(code).toBe(3)
  })

  test.each([
    [[], /missing required argument/],
    [['LOG'], /^evenkeel plan: which strategy ran when the log was written\? --current/],
    [['LOG', '--current', 'least_conections'], /did you mean least_connections\?/],
    [['LOG', '--current', 'random', '--remove', 's9'], /there is no server s9 in the log/],
    [['LOG', '--current', 'random', '--remove', 's1,s2'], /--remove leaves no server/],
    [
      ['LOG', '--current', 'random', '--bound', 'p98<3'],
      /3 has no unit: a time is written 3ms or 3s/,
    ],
    [
      ['LOG', '--current', 'random', '--from', '1h'],
      /holds no request between --from and --to: it goes from 2026-03-09T12:00:00Z to 2026-03-09T12:00:19Z/,
    ],
    [['LOG', '--config', 'no.yaml'], /cannot read no\.yaml: no such file/],
    [['nothing.log', '--current', 'random'], /nothing\.log does not exist/],
    [['EMPTY', '--current', 'random'], /empty\.log: the trace is empty/],
    [
      ['COMMON', '--current', 'random'],
      /does not say which server answered: say how many there were with --servers 3/,
    ],
    [['COMMON', '--current', 'random', '--servers', '2'], /does not say how long requests took/],
  ] as const)('arguments that cannot be used end it with 2: %j', async (args, words) => {
    const line = '10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 512\n'
    const files: Record<string, string> = {
      LOG: log,
      EMPTY: file('empty.log', ''),
      COMMON: file('common.log', line.repeat(30)),
    }
    const { code, stderr, stdout } = await plan(...args.map((each) => files[each] ?? each))
    expect(stderr).toMatch(words)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

describe('a log', () => {
  test('of too few requests is refused, with how many are needed', async () => {
    const few = file('few.log', writtenLog({ ...world, duration: 2000 }))
    const { doubts, forecasts, refused } = await planned(few, { current: 'random' })
    expect(refused).toBe(true)
    expect(doubts).toEqual([
      expect.stringMatching(/^\d+ requests are too few: 500 to learn from and as many to test on/),
    ])
    expect(forecasts).toEqual([])
  })

  test('of one server is planned with, and nobody else can die', async () => {
    const one = file('one.log', writtenLog({ ...world, servers: [{ workers: 8 }] }))
    const found = await planned(one, { current: 'round_robin', add: 1, headroom: true, maxP99: 1 })
    expect(found.forecasts.map(({ servers }) => servers.length)).toEqual([1, 2])
    expect(found.headrooms[0].without).toEqual([])
    expect(found.headrooms[1].without).toHaveLength(2)
  })

  test('is cut to a period, by the time since its beginning or by the clock', async () => {
    const flags = { current: 'random', maxP99: 9, maxP50: 9 }
    const some = await planned(log, { ...flags, from: { after: 5000 }, to: { after: 15_000 } })
    const at = (text: string) => readMoment(text)
    const same = await planned(log, {
      ...flags,
      from: at('2026-03-09T12:00:05Z'),
      to: at('2026-03-09T12:00:15Z'),
    })
    expect(some.log.book.count).toBeGreaterThan(1300)
    expect(some.log.book.count).toBeLessThan(1700)
    // The first request came within the first moments.
    expect(Math.abs(same.log.book.count - some.log.book.count)).toBeLessThan(20)
  })

  test('that is longer than what is kept is used from its end, and that is said', async () => {
    const all = bookOf(readFileSync(log, 'utf8'))
    const book = bookOf(readFileSync(log, 'utf8'), 1000)
    expect(book).toMatchObject({ count: 1000, forgotten: all.count - 1000 })
    expect(book.tries.count).toBe(1000)
    const last = (times: Float64Array) => times.at(-1)! - times.at(-2)!
    expect(last(book.times)).toBeLessThan(50)
    expect(book.took.slice(-900).toSorted()).toEqual(all.took.slice(-900).toSorted())
    expect(Math.min(...book.tries.request)).toBe(0)
  })

  test('of another proxy serves, where it says who answered', async () => {
    const { tries, times, took } = bookOf(readFileSync(log, 'utf8'))
    const rows = Array.from(tries.request, (request, i) => {
      const t = (times[request] / 1000).toFixed(6)
      return `${t},${took[request].toFixed(3)},s${tries.server[i] + 1}`
    })
    const csv = file('log.csv', `t,service_ms,server\n${rows.join('\n')}\n`)
    const found = await planned(csv, {
      current: 'random',
      strategy: ['least_connections'],
      maxP99: 1,
    })
    expect(found.log.format).toBe('csv')
    expect(found.estimate.servers.map(({ workers }) => workers)).toEqual([4, 4])
    expect(found.forecasts[1].word).toBe('better')
  })

  test('cannot steer a terminal by the names of its servers', () => {
    const line = (i: number) => `${i * 0.005},5,a\u001B[31m\u009B${i % 2}\n`
    const { servers } = bookOf(`t,service_ms,server\n${line(0)}${line(1)}${line(2)}`)
    expect(servers).toEqual(['a\uFFFD[31m\uFFFD0', 'a\uFFFD[31m\uFFFD1'])
  })

  test('of more servers than any pool has is refused, and not planned with for minutes', async () => {
    const rows = Array.from({ length: 10_001 }, (_, i) => `${i / 1000},5,client${i}\n`)
    const csv = file('clients.csv', `t,service_ms,server\n${rows.join('')}`)
    await expect(planned(csv, { current: 'random' })).rejects.toThrow(
      'clients.csv names more than 10,000 servers: is that the column of who served?',
    )
  })

  test('without servers is taken as alike servers, and says so', async () => {
    const { times, took } = bookOf(readFileSync(log, 'utf8'))
    const rows = Array.from(times, (t, i) => `${(t / 1000).toFixed(6)},${took[i].toFixed(3)}`)
    const csv = file('bare.csv', `t,service_ms\n${rows.join('\n')}\n`)
    const found = await planned(csv, { current: 'random', servers: 3, maxP50: 1, maxP99: 1 })
    expect(found.knowledge.estimated[0]).toMatch(/^nothing: the log does not say who served/)
    expect(found.calibration?.checked.map(({ key }) => key)).toEqual([
      'p50',
      'p95',
      'p99',
      'errors',
    ])
    expect(found.forecasts[0].servers).toHaveLength(3)
  })

  test('has its weights, retries and strategy from the configuration', async () => {
    const config = file(
      'lb.yaml',
      `strategy: weighted_round_robin
servers:
  - { id: s1, url: 'http://127.0.0.1:9001', weight: 3 }
  - { id: s2, url: 'http://127.0.0.1:9002' }
  - { id: s3, url: 'http://127.0.0.1:9003' }
`,
    )
    const servers = [{ workers: 8, weight: 3 }, { workers: 8 }]
    const text = writtenLog({ ...world, servers, strategy: 'weighted_round_robin' })
    const found = await planned(file('weighted.log', text), { config, maxP99: 1 })
    expect(found.current).toBe('weighted_round_robin')
    expect(
      found.calibration?.checked.filter(({ key }) => key === 'share').every((each) => each.passed),
    ).toBe(true)
    expect(found.forecasts[0].servers[0].share).toBeCloseTo(0.75, 2)
    expect(found.knowledge.unknown.join()).toContain('s3 would be: configured, but not in the log')
  })
})

test('options are read as people write them', () => {
  expect(readBound('p99<250ms')).toEqual({ key: 'p99', quantile: 0.99, below: 250 })
  expect(readBound('p50 < 1.5 s')).toEqual({ key: 'p50', quantile: 0.5, below: 1500 })
  expect(readMoment('90s')).toEqual({ after: 90_000 })
  expect(readMoment('2026-03-09 12:00')).toEqual({ at: Date.UTC(2026, 2, 9, 12) })
  expect([...readWeights('s1=2,a:9=0.5')]).toEqual([
    ['s1', 2],
    ['a:9', 0.5],
  ])
})
