import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { binomialCdf } from '../../../simulator/statistics/beta.ts'
import {
  nearestRank,
  quantileInterval,
  quantileRanks,
  sortedQuantile,
} from '../../../simulator/statistics/percentile.ts'

describe('nearestRank', () => {
  test.each([
    [100, 0.5, 50],
    [100, 0.99, 99],
    [101, 0.99, 100],
    [100, 0.07, 7],
    [1000, 0.999, 999],
    [1, 0.5, 1],
    [3, 0.01, 1],
  ])('of %d values, %d is number %d', (n, p, rank) => {
    expect(nearestRank(n, p)).toBe(rank)
  })

  test('is the first with at least that share up to it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 999 }),
        (n, mille) => {
          expect(nearestRank(n, mille / 1000)).toBe(Math.ceil((n * mille) / 1000))
        },
      ),
    )
  })

  test('gives a value that was seen', () => {
    expect(sortedQuantile([1, 5, 9], 0.5)).toBe(5)
    expect(() => sortedQuantile([], 0.5)).toThrow('n must be a whole number of at least 1, got 0')
  })
})

describe('quantileRanks', () => {
  // Of 100 tosses of a coin 40 to 60 show heads with probability 0.9648.
  test('of a hundred, the median is between numbers 40 and 61', () => {
    const { low, high, coverage } = quantileRanks(100, 0.5)
    expect([low, high]).toEqual([40, 61])
    expect(coverage).toBeCloseTo(0.9648, 4)
  })

  test('says where values are too few', () => {
    expect(quantileRanks(3, 0.5)).toMatchObject({ low: 0, high: 4 })
    expect(quantileRanks(100, 0.99)).toMatchObject({ low: 97, high: 101 })
    expect(quantileInterval([1, 2, 3], 0.5)).toEqual({ value: 2, low: -Infinity, high: Infinity })
  })

  test('always covers what was asked for, and no rank closer does', () => {
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        share,
        fc.constantFrom(0.9, 0.95, 0.99),
        (n, p, confidence) => {
          const ranks = quantileRanks(n, p, confidence)
          expect(ranks.coverage).toBeGreaterThanOrEqual(confidence - 1e-12)
          const rank = nearestRank(n, p)
          expect(ranks.low).toBeLessThanOrEqual(rank)
          expect(ranks.high).toBeGreaterThanOrEqual(rank)
          // One closer on either side, and that side errs too often. At the ends there is no limit to be closer.
          const side = (1 - confidence) / 2
          if (ranks.low < n) expect(binomialCdf(ranks.low, n, p)).toBeGreaterThan(side)
          if (ranks.high > 1) expect(binomialCdf(ranks.high - 2, n, p)).toBeLessThan(1 - side)
        },
      ),
    )
  })

  // p99 of a thousand independent values, 1,500 times: covered at least as often as it says; five standard deviations of 0.4 points.
  test('covers the true p99 whatever the distribution', () => {
    const rng = new Rng(4)
    const { coverage } = quantileRanks(1000, 0.99)
    let covered = 0
    for (let i = 0; i < 1500; i++) {
      const values = Float64Array.from({ length: 1000 }, () => rng.float()).sort()
      const { low, high } = quantileInterval(values, 0.99)
      if (low <= 0.99 && high > 0.99) covered++
    }
    expect(Math.abs(covered / 1500 - coverage)).toBeLessThan(5 * 0.004)
  })
})
