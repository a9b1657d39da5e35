import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import * as evidence from '../../../experiments/thresholds/evidence.ts'
import { judge, moreText, seenText } from '../../../experiments/thresholds/judge.ts'
import { readThreshold } from '../../../experiments/thresholds/threshold.ts'

const { fact, ofCounts, ofReplications, ofSample, ofShare } = evidence
const between = (low: number, high: number): evidence.Evidence => ({
  value: (low + high) / 2,
  low,
  high,
  of: 'request',
  more: () => 7,
})

describe('a threshold holds what was seen', () => {
  test.each([
    ['p99 < 250ms', 100, 249, 'pass'],
    ['p99 < 250ms', 100, 250, 'undecided'],
    ['p99 <= 250ms', 100, 250, 'pass'],
    ['p99 < 250ms', 250, 300, 'fail'],
    ['p99 <= 250ms', 250, 300, 'undecided'],
    ['p99 <= 250ms', 251, 300, 'fail'],
    ['p99 < 250ms', -Infinity, Infinity, 'undecided'],
    ['rate > 100', 101, 120, 'pass'],
    ['rate > 100', 100, 120, 'undecided'],
    ['rate >= 100', 100, 120, 'pass'],
    ['rate > 100', 80, 100, 'fail'],
    ['rate >= 100', 80, 99, 'fail'],
  ])('%s: from %d to %d is %s', (text, low, high, verdict) => {
    const ruling = judge(readThreshold(text), between(low, high))
    expect(ruling.verdict).toBe(verdict)
    expect(ruling.more).toBe(verdict === 'undecided' ? 7 : 0)
  })

  test('a share of none is asked of the requests there were, and not of all there might be', () => {
    const none = readThreshold('errors <= 0%')
    expect(judge(none, ofShare(0, 100)).verdict).toBe('pass')
    expect(judge(none, ofShare(1, 1_000_000)).verdict).toBe('fail')
    expect(judge(none, ofReplications([0, 0, 1e-9])).verdict).toBe('fail')
    // A limit above that is asked of the chance.
    expect(judge(readThreshold('errors < 1%'), ofShare(0, 100)).verdict).toBe('undecided')
  })

  test('words say what was seen, between what, and what would tell', () => {
    const time = judge(readThreshold('p99 < 250ms'), ofReplications([240, 250, 262, 247, 255]))
    expect(seenText(time, 'time')).toBe('251 ms (241–261)')
    expect(moreText(time)).toMatch(/^needs about [\d,]+ more replications$/)
    expect(moreText({ ...time, more: Infinity })).toBe(
      'too near to tell, however many more there are',
    )
    const wide = judge(readThreshold('p99 < 1ms'), ofReplications([60, 120]))
    expect(seenText(wide, 'time')).toMatch(/^90\.0 ms \(0\.00–/)
    const few = judge(readThreshold('p99 < 250ms'), ofReplications([240]))
    expect([few.verdict, few.more, seenText(few, 'time')]).toEqual(['undecided', 4, '240 ms'])
    const rare = judge(readThreshold('errors < 1%'), ofShare(3, 10_000))
    expect(seenText(rare, 'share')).toBe('0.030 % (0.0062–0.088)')
    expect(seenText(judge(readThreshold('rate > 100'), fact(120.5)), 'rate')).toBe('121/s')
  })
})

describe('evidence', () => {
  // Conover, 1999, 3.2; of 100 values the median is between the 40th and the 61st with 96.48 %.
  test('of one run’s quantile is the values of two ranks', () => {
    const sample = { count: 100, valueAt: (rank: number) => rank * 10 }
    expect(ofSample(sample, 0.5)).toMatchObject({ value: 500, low: 400, high: 610, of: 'request' })
    expect(ofSample(sample, 0.99)).toMatchObject({ value: 990, low: 970, high: Infinity })
    expect(ofSample({ count: 3, valueAt: () => 1 }, 0.5)).toMatchObject({
      low: -Infinity,
      high: Infinity,
    })
  })

  test('of one run’s quantile says how many requests would tell: none above the limit need ln a / ln p', () => {
    const sample = { count: 100, valueAt: (rank: number) => rank }
    // 0.99 ^ 368 is the first below 0.025.
    expect(ofSample(sample, 0.99).more(101)).toBe(268)
    expect(ofSample(sample, 0.99).more(100)).toBe(Infinity)
  })

  test.each([
    ['replications', (n: number, rng: Rng) => ofReplications(values(n, rng)), 20, 1.2],
    ['requests of one run', (n: number, rng: Rng) => ofSample(sampleOf(n, rng), 0.9), 2000, 2.45],
    ['failed requests', (n: number, rng: Rng) => ofShare(hits(n, 0.01, rng), n), 5000, 0.0125],
    [
      'requests of servers',
      (n: number, rng: Rng) => ofCounts(countsOf(n, [0.28, 0.36, 0.36], rng)),
      2000,
      0.985,
    ],
  ])('of %s asks for about as many more as then decide, most times', (_name, see, n, limit) => {
    const first = see(n, new Rng(4))
    const more = first.more(limit)
    expect(more).toBeGreaterThan(0)
    expect(more).toBeLessThan(40 * n)
    let decided = 0
    for (let seed = 1; seed <= 60; seed++) {
      const { high, low } = see(n + more, new Rng(seed))
      if (limit < low || limit > high) decided++
    }
    // Of 60 about 48 should. How many it asks for comes from the first, which may have been lucky or not.
    expect(decided).toBeGreaterThan(25)
  })

  test('of what a histogram blurs is never narrower than its buckets', () => {
    const seen = ofReplications([100, 100, 100], 0.95, 0.01)
    expect([seen.low, seen.high]).toEqual([99, 101])
    expect(seen.more(100.5)).toBe(Infinity)
  })

  test('of counts covers the fairness there is, 95 times in 100', () => {
    const shares = [0.3, 0.33, 0.37]
    const index = 1 / (3 * shares.reduce((sum, share) => sum + share * share, 0))
    const rng = new Rng(9)
    let covered = 0
    for (let i = 0; i < 300; i++) {
      const { high, low } = ofCounts(countsOf(1500, shares, rng))
      if (low <= index && index <= high) covered++
    }
    // Binomial: below 271 once in a thousand.
    expect(covered).toBeGreaterThan(270)
  })

  test('of counts that are more even than chance does not claim that all is even', () => {
    const { high, low, value } = ofCounts([1000, 1000, 1000])
    expect([value, high]).toEqual([1, 1])
    expect(low).toBeLessThan(0.999)
    // Weights: twice as many for twice the weight are even.
    expect(ofCounts([2000, 1000], [2, 1]).value).toBe(1)
  })
})

function values(n: number, rng: Rng): number[] {
  return Array.from({ length: n }, () => 0.5 + rng.float())
}

function sampleOf(n: number, rng: Rng): evidence.Sample {
  const sorted = Array.from({ length: n }, () => -Math.log(1 - rng.float())).sort((a, b) => a - b)
  return { count: n, valueAt: (rank) => sorted[rank - 1] }
}

function hits(n: number, chance: number, rng: Rng): number {
  let count = 0
  for (let i = 0; i < n; i++) if (rng.float() < chance) count++
  return count
}

function countsOf(n: number, shares: readonly number[], rng: Rng): number[] {
  const counts = shares.map(() => 0)
  for (let i = 0; i < n; i++) {
    let at = 0
    for (let left = rng.float() - shares[0]; left > 0 && at < shares.length - 1; left -= shares[at])
      at++
    counts[at]++
  }
  return counts
}
