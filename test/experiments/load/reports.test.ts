import { build } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { LoadAccount } from '../../../experiments/load/account.ts'
import type { Driven } from '../../../experiments/load/drive.ts'
import { measure } from '../../../experiments/load/measure.ts'
import type { Plan } from '../../../experiments/load/plan.ts'
import { hgrmReport } from '../../../experiments/load/report-hgrm.ts'
import type { LoadReport } from '../../../experiments/load/report.ts'
import { Seconds } from '../../../experiments/load/seconds.ts'
import { readThresholds } from '../../../experiments/load/thresholds.ts'
import { told } from '../../../experiments/load/write.ts'
import { Histogram } from '../../../proxy/core/histogram.ts'
import { Rng } from '../../../proxy/core/rng.ts'

/** A run of ten seconds with a thousand requests: of 960 answers in 1 to 96 ms ten are errors, 40 requests never came back. */
function run(
  change: (account: LoadAccount) => void = () => {},
  rules: string[] = [],
): [LoadReport, LoadAccount] {
  const account = new LoadAccount()
  const warmup = new LoadAccount()
  const seconds = new Seconds([warmup, account])
  for (let i = 0; i < 960; i++) {
    account.due++
    account.lateness.record(0.5)
    const status = i % 96 === 0 ? 503 : 200
    const response = 1 + (i % 96)
    account.answer(status, i % 3 === 0 ? 'b10' : 'b2', response + 0.5, response)
    account.page(i % 2 === 0 ? 'home' : 'cart <&>', status, response + 0.5)
    account.check('is quick', response < 90)
    if (i === 479) seconds.sample(1000.4)
  }
  for (let i = 0; i < 40; i++) {
    account.due++
    account.failed++
    account.because('other side closed (UND_ERR_SOCKET)')
  }
  change(account)
  seconds.sample(2000)
  const lag = { p50: 0.1, p99: 1.5, max: 4, busy: 0.25 }
  const driven = {
    sender: { account, warmup, serverHeader: 'x-served-by' },
    seconds,
    began: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)),
    elapsed: 10_000,
    lag: { generator: lag, proxy: null },
    interrupted: false,
  } as unknown as Driven
  const plan = {
    url: new URL('http://127.0.0.1:8080'),
    words: 'paced, rate 100',
    model: 'open',
    warmup: 0,
  } as Plan
  return [measure(plan, driven, null, { seed: 7 }, readThresholds(rules)), account]
}

test('what is told to a person', () => {
  const [report, account] = run(undefined, ['p99 < 250ms', 'errors < 1%', 'p50 < 48ms'])
  expect(told(report, account, 'human')).toBe(`\
http://127.0.0.1:8080 · paced, rate 100 · 10.0 s · seed 7

time, ms  mean   p50   p90   p95   p99  p99.9   max
response  49.5  49.8  87.5  92.5  96.5   96.5  96.5  from when it was due; answers below 500
service   49.0  49.3  87.5  92.5  96.0   96.0  96.0  from when it was sent
lateness  0.50  0.50  0.50  0.50  0.50   0.50  0.50  of the generator

server  answers   share       95 %  errors   p50   p95   p99   max
b2          640  66.7 %  63.6–69.6       0  48.8  92.5  96.5  96.5
b10         320  33.3 %  30.4–36.4      10  49.8  91.5  94.5  94.5
servers as x-served-by names them; intervals as if each request chose by itself

page      answers  errors   p50   p95   p99   max
cart <&>      480       0  48.8  92.5  96.5  96.5
home          480      10  49.8  91.5  95.5  95.5

check       passed  failed   share
✗ is quick     890      70  92.7 %

requests   1,000 due = 960 answered + 40 failed
answers    950 2xx · 10 5xx
because    40 × other side closed (UND_ERR_SOCKET)

rate       100/s due · 96.0/s answered
generator  event loop late by 1.50 ms at p99, 4.00 at most · busy 25.0 %

✓ p99 < 250ms · 96.5 ms (95.5–96.5)
✗ errors < 1% · 5.00 % (3.73–6.54)
? p50 < 48ms · 49.8 ms (46.8–52.8) · needs about 7,000 more requests
`)
})

test('a second is a row, and the rows add up to the run', () => {
  const [report, account] = run()
  expect(told(report, account, 'csv')).toBe(`\
t,due,sent,answered,errors,failed,shed,inflight,p50,p99
1,480,480,480,5,0,0,0,49.750,96.500
2,520,520,480,5,40,0,0,49.750,96.500
`)
})

test('JSON has everything, under names that stay', () => {
  const [report, account] = run(undefined, ['p99 < 250ms'])
  const { machine, versions, ...read } = JSON.parse(told(report, account, 'json')) as LoadReport
  expect(read).toMatchObject({
    schema: 'evenkeel.load/1',
    target: 'http://127.0.0.1:8080',
    model: 'open',
    seed: 7,
    began: '2026-01-02T03:04:05.000Z',
    elapsed: 10_000,
    valid: true,
    requests: { due: 1000, answered: 960, failed: 40, shed: 0, missing: 0 },
    rates: { due: 100, answered: 96 },
    statuses: { '2xx': 950, '5xx': 10 },
    times: { response: { count: 950, min: 2.5, max: 96.5 }, lateness: { count: 960 } },
    lag: { generator: { p99: 1.5, busy: 0.25 }, proxy: null },
    thresholds: [{ text: 'p99 < 250ms', verdict: 'pass' }],
  })
  expect(read.servers.map(({ name, share }) => [name, share])).toEqual([
    ['b2', 0.666667],
    ['b10', 0.333333],
  ])
  expect(read.seconds).toHaveLength(2)
  expect(Object.keys(machine)).toEqual(['cpu', 'cores', 'memory', 'kernel'])
  expect(versions.node).toBe(process.version)
})

test("JUnit's XML has a case a threshold: one that failed, and one that nobody can decide", () => {
  const [report, account] = run(undefined, ['p99 < 250ms', 'errors < 1%', 'p50 < 48ms'])
  const text = told(report, account, 'junit')
  expect(text).toContain('tests="5" failures="1" errors="1" skipped="0" time="10.000"')
  expect(text).toContain('name="p99 &lt; 250ms"/>')
  expect(text).toContain('name="errors &lt; 1%"><failure message="5.00 % (3.73–6.54)"/>')
  expect(text).toMatch(/name="p50 &lt; 48ms"><error message="49.8 ms .* more requests"\/>/)
  expect(text).toContain('name="the run is valid"/>')
})

test('Markdown and HTML take nothing that a server or a page is called for their own', () => {
  const [report, account] = run(({ servers }) => {
    servers.set('<b>|`x', servers.get('b2')!)
    servers.delete('b2')
  })
  expect(told(report, account, 'markdown')).toContain('| &lt;b>\\|\\`x | 640 | 66.7 % |')
  const html = told(report, account, 'html')
  expect(html).toContain('<td>&lt;b&gt;|`x</td><td>640</td>')
  // Nothing of it comes from anywhere, and nothing runs.
  expect(html).not.toMatch(/<script|<link|@import|url\(|(?:src|href)=/i)
  expect(html.match(/<svg /g)).toHaveLength(3)
})

describe('a run is invalid', () => {
  test('when the generator was late, and no threshold of times is judged then', () => {
    const late = (account: LoadAccount): void => {
      for (let i = 0; i < 20; i++) account.lateness.record(80)
    }
    const [report, account] = run(late, ['p99 < 250ms', 'errors < 20%'])
    expect(report.valid).toBe(false)
    const text = told(report, account, 'human')
    expect(text).toContain('INVALID: the generator fell behind')
    expect(text).toContain('? p99 < 250ms · 96.5 ms (95.5–96.5) · the run is invalid')
    expect(text).toContain('✓ errors < 20%')
  })

  test('when requests were shed', () => {
    const [report] = run((account) => {
      account.due += 10
      account.shed += 10
    })
    expect(report.requests.missing).toBe(0)
    expect(report.invalidBecause.join()).toMatch(/^10 of 1,010 requests \(1\.0 %\) were due while/)
  })

  test('not when it was late by little next to how long answers took', () => {
    const [report] = run((account) => {
      for (let i = 0; i < 40; i++) account.lateness.record(40)
      for (let i = 0; i < 40; i++) account.response.record(2000)
    })
    expect(report.valid).toBe(true)
  })
})

test('answers that name no server are no server, and that is said', () => {
  const [report, account] = run(
    ({ servers }) => {
      servers.clear()
    },
    ['fairness > 0.9', 'share(b2) > 10%'],
  )
  expect(told(report, account, 'human')).toContain('No answer had the field x-served-by')
  expect(report.thresholds.map(({ verdict, why }) => [verdict, why])).toEqual([
    ['undecided', 'no answer named its server'],
    ['undecided', 'no answer named a server b2'],
  ])
})

test.each([
  ['p99 < 250', 'has no unit'],
  ['p99 <', 'there must be a time'],
  ['twin.p99.error < 10%', 'cannot be seen from where load is sent'],
  ['retries < 10%', 'cannot be seen from where load is sent'],
])('a threshold that nobody could judge is refused: %s', (rule, reason) => {
  expect(() => readThresholds([rule])).toThrow(reason)
})

describe('the percentile distribution', () => {
  interface Row {
    readonly value: number
    readonly share: number
    readonly seen: number
  }

  function rowsOf(text: string): Row[] {
    return text
      .split('\n')
      .filter((line) => /^ +[\d.]+ [\d.]+ /.test(line))
      .map((line) => {
        const [value, share, seen] = line.trim().split(/ +/).map(Number)
        return { value, share, seen }
      })
  }

  test("is the very text of HdrHistogram's where each value has a bucket of its own", () => {
    const ours = new Histogram()
    const theirs = build({ highestTrackableValue: 1000, numberOfSignificantValueDigits: 3 })
    for (let value = 64; value < 128; value++) {
      for (let times = 0; times < 128 - value; times++) {
        ours.record(value)
        theirs.recordValue(value)
      }
    }
    const [our, their] = [hgrmReport(ours), theirs.outputPercentileDistribution(5, 1)].map((text) =>
      // The middle of a bucket is not its one whole number, and the last line tells how each counts.
      text.split('\n').map((line) => line.replace(/^ *[\d.]+ /, '').replace(/^#\[Buckets.*/, '')),
    )
    const figures = (lines: string[]): string[] =>
      lines.filter((line) => !line.startsWith('#[Mean'))
    expect(figures(our)).toEqual(figures(their))
  })

  test('has the values of HdrHistogram within the width of a bucket', () => {
    const rng = new Rng(5)
    const ours = new Histogram()
    const theirs = build({ highestTrackableValue: 1e9, numberOfSignificantValueDigits: 4 })
    for (let i = 0; i < 20_000; i++) {
      const value = -40 * Math.log(1 - rng.float())
      ours.record(value)
      theirs.recordValue(Math.round(value * 1000))
    }
    const rows = rowsOf(hgrmReport(ours))
    expect(rows.length).toBeGreaterThan(50)
    for (const { seen, share, value } of rows.slice(1)) {
      const exact = theirs.getValueAtPercentile(share * 100) / 1000
      expect(Math.abs(value / exact - 1)).toBeLessThan(1 / 64)
      expect(seen / 20_000).toBeGreaterThanOrEqual(share - 1e-9)
    }
    expect(rows.at(-1)).toMatchObject({ share: 1, seen: 20_000 })
  })

  test('of nothing is empty, and can be read all the same', () => {
    expect(rowsOf(hgrmReport(new Histogram()))).toEqual([])
  })
})
