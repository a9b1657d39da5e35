import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { limitOf } from '../../../experiments/load/ceiling.ts'
import { progressLine } from '../../../experiments/load/progress.ts'
import { load, serve } from './loading.ts'

const step = { users: 1, rate: 100, p50: 10, p99: 12, errors: 0, busy: 0.1 }

test.each([
  ['twice as much is no limit', [step, { ...step, rate: 200 }], undefined],
  ['a single step says nothing', [step], undefined],
  [
    'hardly any more',
    [step, { ...step, users: 2, rate: 103 }],
    /twice as many users \(2\) brought hardly/,
  ],
  ['less', [step, { ...step, rate: 90 }], /brought no more answers/],
  ['errors', [step, { ...step, rate: 200, errors: 0.02 }], /2\.0 % of the requests failed/],
  ['a queue', [step, { ...step, rate: 120, p99: 140 }], /p99 is 12 times that of one user/],
  [
    'a threshold',
    [step, { ...step, users: 2, rate: 200, broke: 'p99 < 20ms did not hold (25.0 ms)' }],
    /^p99 < 20ms did not hold \(25\.0 ms\) with 2 users$/,
  ],
  ['slow, but still growing', [step, { ...step, rate: 190, p99: 140 }], undefined],
])('where it ends: %s', (_, steps, why) => {
  const limit = limitOf(steps)
  if (why === undefined) expect(limit).toBeUndefined()
  else expect(limit).toMatchObject({ why: expect.stringMatching(why) as string, ofTarget: true })
})

test('where the generator itself is busy, the ceiling is not the target’s', () => {
  const limit = limitOf([step, { ...step, rate: 101, busy: 0.98 }])
  expect(limit).toMatchObject({ ofTarget: false })
})

test('of a server that takes one request at a time, some 20 ms each, it finds that and advises less', async () => {
  let last = Promise.resolve()
  const { url } = await serve((_request, response) => {
    last = last.then(
      () =>
        new Promise((done) => {
          setTimeout(() => {
            response.end()
            done()
          }, 20)
        }),
    )
  })
  const { code, stdout } = await load(url, '--find-ceiling')
  const [, found] = /The ceiling is about ([\d.]+) requests\/s/.exec(stdout) ?? []
  // 50 a second if timers were exact; what they really do on this machine only makes it less.
  expect(Number(found)).toBeGreaterThan(20)
  expect(Number(found)).toBeLessThanOrEqual(51)
  expect(stdout).toMatch(/evenkeel load http:\S+ --rate \d+/)
  expect(code).toBe(0)
})

test('a line says how far it is, and only what there is to say', () => {
  const second = {
    t: 7,
    due: 100,
    sent: 100,
    answered: 98,
    errors: 0,
    failed: 0,
    shed: 0,
    inflight: 2,
  }
  expect(progressLine({ ...second, p50: 10, p99: 45.1 }, 6999, 30_000)).toBe(
    '0:07 of 0:30 · 98/s · 2 in flight · p50 10.0 ms · p99 45.1 ms',
  )
  expect(
    progressLine(
      { ...second, errors: 3, failed: 2, shed: 1, p50: null, p99: null },
      31_000,
      Infinity,
    ),
  ).toBe('0:31 · 98/s · 2 in flight · 3 errors · 2 failed · 1 shed')
})

test('a threshold that one user breaks fails the search, and is told in a file', async () => {
  const { url } = await serve()
  const out = join(mkdtempSync(join(tmpdir(), 'evenkeel-ceiling-')), 'ceiling')
  const { code, stdout } = await load(
    url,
    '--find-ceiling',
    '--threshold',
    'p50 < 1us',
    '--out',
    out,
  )
  expect(code).toBe(99)
  expect(stdout).toContain('No ceiling found: p50 < 1us did not hold (')
  expect(readdirSync(out).sort()).toEqual(['junit.xml', 'report.md', 'result.json', 'seconds.csv'])
  expect(readFileSync(join(out, 'junit.xml'), 'utf8')).toContain('failures="1" errors="0"')
  expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('p50 &lt; 1us did not hold')
  rmSync(dirname(out), { recursive: true })
})

test('what there is none of is refused before anything is sent', async () => {
  const { requests, url } = await serve()
  const { code, stderr } = await load(url, '--find-ceiling', '--format', 'hgrm')
  expect([code, requests.length]).toEqual([2, 0])
  expect(stderr).toBe(
    'evenkeel load: --find-ceiling can be told as human, json, csv, junit, markdown\n',
  )
})
