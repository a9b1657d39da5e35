import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readThreshold, ThresholdError } from '../../../experiments/thresholds/threshold.ts'

describe('a threshold', () => {
  test.each([
    ['p99 < 250ms', 'p99', '<', 250, 0.99],
    ['p99.9<=1.5 s', 'p99.9', '<=', 1500, 0.999],
    ['p999 ≤ 2m', 'p999', '<=', 120_000, 0.999],
    [' service.p50 < 400us ', 'service.p50', '<', 0.4, 0.5],
    ['lateness.max < 5ms', 'lateness.max', '<', 5, undefined],
    ['mean < .5ms', 'mean', '<', 0.5, undefined],
    ['errors < 1%', 'errors', '<', 0.01, undefined],
    ['errors <= 0', 'errors', '<=', 0, undefined],
    ['errors(b2) < 0.001', 'errors(b2)', '<', 0.001, undefined],
    ['share( b1 ) ≥ 40%', 'share(b1)', '>=', 0.4, undefined],
    ['share.most < 40%', 'share.most', '<', 0.4, undefined],
    ['fairness > 0.99', 'fairness', '>', 0.99, undefined],
    ['rate > 100', 'rate', '>', 100, undefined],
    ['goodput > 99.5/s', 'goodput', '>', 99.5, undefined],
    ['retries < 150%', 'retries', '<', 1.5, undefined],
    ['requests >= 1000', 'requests', '>=', 1000, undefined],
    ['twin.p99.error < 10%', 'twin.p99.error', '<', 0.1, 0.99],
    ['twin.share.error <= 0.01', 'twin.share.error', '<=', 0.01, undefined],
    ['twin.ranking >= 0.9', 'twin.ranking', '>=', 0.9, undefined],
  ])('is read: %s', (text, name, operator, limit, quantile) => {
    const threshold = readThreshold(text)
    expect(threshold).toMatchObject({ figure: { name }, operator, limit })
    expect(threshold.figure.quantile).toBe(quantile)
    // What it is written as means the same.
    expect(readThreshold(threshold.text)).toEqual(threshold)
  })

  test.each([
    ['', 'a threshold is like p99 < 250ms, errors < 1% or fairness > 0.99', 1],
    ['p99', 'a threshold is like', 1],
    ['p99 250ms', 'a threshold is like', 1],
    ['  p100 < 1s', 'p100 is no percentile: they are above p0 and below p100', 3],
    ['p0 < 1s', 'p0 is no percentile', 1],
    ['p98765 < 1s', 'p98765 is no percentile', 1],
    ['fairnes > 0.99', 'there is no figure "fairnes": did you mean fairness?', 1],
    ['service.errors < 1%', 'there is no figure "service.errors"', 1],
    ['xyzzy < 1', 'there is no figure "xyzzy": there are p50, p95, p99, p99.9, mean,', 1],
    ['share < 40%', 'share is of one server: share(b1)', 1],
    ['share() < 40%', 'share() names no server', 1],
    ['p99(b1) < 1s', 'p99 is of all servers, and takes no (b1)', 1],
    ['share)b1( < 1%', 'is no figure: brackets are for a server', 1],
    ['p99 == 250ms', '== is none of <, <=, >, >=: what is measured is never exactly', 5],
    ['p99 =< 250ms', '=< is none of', 5],
    ['p99 < 5', '5 has no unit: a time is written 5ms or 5s', 7],
    ['p99 < 5%', '"%" is no unit of time: there are us, ms, s and m', 7],
    ['p99 <   5 hours', '"hours" is no unit of time', 9],
    ['p99 <', 'there must be a time like 250ms or 1.5s', 6],
    ['p99 < fast', '"fast" is not a time like 250ms or 1.5s', 7],
    ['errors < 1', '1 of what? A share is written 1%, or below 1 like 0.01', 10],
    ['errors < 1ms', '"ms" is no unit of a share', 10],
    ['fairness > 5ms', '"ms" fits no index', 12],
    ['rate > 100ms', '"ms" fits no rate: it is a number a second like 100 or 100/s', 8],
    ['requests > 5%', '"%" fits no number', 12],
    ['errors < 0%', 'errors is never below 0: to allow none, write <= 0', 10],
    ['errors >= 0%', 'errors is always at least 0', 11],
    ['errors > 100%', 'errors is never above 100%', 10],
    ['fairness > 1', 'fairness is never above 1', 12],
    ['fairness <= 1', 'fairness is always at most 1', 13],
    ['fairness > 1.5', 'fairness is never above 1', 12],
    ['p99 < -5ms', 'p99 is never below 0', 7],
  ])('is refused with the reason and the column: %s', (text, reason, column) => {
    let error: unknown
    try {
      readThreshold(text)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ThresholdError)
    expect((error as ThresholdError).message).toContain(reason)
    expect((error as ThresholdError).message).toContain(`(column ${column})`)
  })

  test('of any text is read or refused, and never anything else', () => {
    const word = fc.constantFrom(
      'p99',
      'errors',
      'share(b1)',
      '<',
      '<=',
      '≥',
      '5',
      '1%',
      '2ms',
      ' ',
      '(',
      ')',
      '.',
    )
    const texts = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const { limit } = readThreshold(text)
          expect(limit).toBeGreaterThanOrEqual(0)
          expect(limit).toBeLessThan(Infinity)
        } catch (error) {
          expect(error).toBeInstanceOf(ThresholdError)
        }
      }),
    )
  })
})
