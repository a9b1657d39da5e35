import { describe, expect, test } from 'vitest'
import { Clock } from '../../../proxy/core/clock.ts'
import { type HedgeOptions, type HedgeQuestion, Hedging } from '../../../proxy/core/hedging.ts'
import { RetryPolicy } from '../../../proxy/core/retry.ts'
import { Rng } from '../../../proxy/core/rng.ts'

const RETRIES = { attempts: 1, budget: 0.2, minPerSecond: 1 }
const LATE: HedgeQuestion = {
  attempts: 1,
  idempotent: true,
  replayable: true,
  answering: false,
  others: true,
}

function hedging(options: HedgeOptions): { hedging: Hedging; retry: RetryPolicy } {
  const retry = new RetryPolicy(RETRIES, new Clock(1000))
  return { hedging: new Hedging(options, retry), retry }
}

describe('a hedge', () => {
  const cases: [string, Partial<HedgeQuestion>, string][] = [
    ['of a GET that is late', {}, 'hedge'],
    ['of what must not be done twice', { idempotent: false }, 'unsafe'],
    ['of an upload that is not at hand any more', { replayable: false }, 'unsafe'],
    ['of a request whose answer has begun', { answering: true }, 'answering'],
    ['of a request that had its hedge', { attempts: 2 }, 'enough'],
    ['of a request that waits for a server', { attempts: 0 }, 'enough'],
    ['where there is no other server', { others: false }, 'alone'],
  ]
  for (const [name, change, expected] of cases) {
    test(`${name}: ${expected}`, () => {
      const { hedging: it, retry } = hedging({ delay: 20 })
      const before = retry.remaining
      expect(it.decide({ ...LATE, ...change })).toBe(expected)
      expect(before - retry.remaining).toBe(expected === 'hedge' ? 1 : 0)
    })
  }

  test('is paid from the budget of retries', () => {
    const { hedging: it, retry } = hedging({ delay: 20 })
    const verdicts = Array.from({ length: 11 }, () => it.decide(LATE))
    expect(verdicts.filter((verdict) => verdict === 'hedge')).toHaveLength(10) // One a second for ten.
    expect(verdicts[10]).toBe('no_budget')
    for (let i = 0; i < 5; i++) retry.request()
    expect([it.decide(LATE), it.decide(LATE)]).toEqual(['hedge', 'no_budget'])
  })
})

describe('it is due', () => {
  test('a fixed time after the first attempt began', () => {
    const { hedging: it } = hedging({ delay: 20 })
    it.learn(1000)
    expect(it.dueAt(500)).toBe(520)
  })

  test('never, until enough is known for the quantile; then after that', () => {
    const { hedging: it } = hedging({ quantile: 0.95 })
    for (let i = 1; i < 200; i++) it.learn(i)
    expect(it.dueAt(500)).toBe(Infinity)
    it.learn(200)
    expect(it.dueAt(500)).toBe(690) // Ten of 200 are above 190.
    for (let i = 0; i < 200; i++) it.learn(7)
    expect(it.dueAt(500)).toBe(507)
  })

  test.each([
    [0.5, 100], // Twenty would do for ten above it, and the delay would jump.
    [0.98, 500],
    [0.999, 2000], // Two above it have to do.
  ])('at quantile %d from %i first attempts on', (quantile, enough) => {
    const { hedging: it } = hedging({ quantile })
    for (let i = 1; i < enough; i++) it.learn(7)
    expect(it.dueAt(500)).toBe(Infinity)
    it.learn(7)
    expect(it.dueAt(500)).toBe(507)
  })
})

/**
 * Dean and Barroso's hedged requests with exponential latencies of mean 1 and no queueing: after delay D = -ln(1 - q) the
 * share 1 - q is hedged, and the mean is 1 - e^-D / 2.
 */
describe('in the long run', () => {
  const REQUESTS = 200_000

  test.each([
    [0.5, 0.75],
    [0.9, 0.95],
    [0.99, 0.995],
  ])('at quantile %d it hedges the rest, and the mean is %d', (quantile, mean) => {
    const { hedging: it } = hedging({ quantile })
    const rng = new Rng(1)
    const draw = (): number => -Math.log1p(-rng.float())
    for (let i = 0; i < 2000; i++) it.learn(draw())
    let hedged = 0
    let sum = 0
    for (let i = 0; i < REQUESTS; i++) {
      const delay = it.dueAt(0)
      const first = draw()
      const second = first > delay ? delay + draw() : Infinity
      if (second < Infinity) hedged++
      it.learn(second < first ? Infinity : first)
      sum += Math.min(first, second)
    }
    // The k-th smallest of n is a little below the quantile k / n (1 part in 11 of the rest here), and it wanders.
    expect(hedged / REQUESTS / (1 - quantile)).toBeGreaterThan(0.95)
    expect(hedged / REQUESTS / (1 - quantile)).toBeLessThan(1.12)
    expect(Math.abs(sum / REQUESTS - mean)).toBeLessThan(0.008)
  })
})
