import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  chiSquare,
  chiSquareLimit,
  chiSquareSurvival,
} from '../../../simulator/statistics/chi-square.ts'

// References are mpmath's, calculated with 25 digits.
test.each([
  [1, 1, 0.317310507862914],
  [10.83, 1, 0.000998686379180259],
  [5, 3, 0.171797144296733],
  [30, 10, 0.0008566412107753],
  [49.5, 9, 1.33738573022341e-7],
  [1000, 900, 0.0109946089421358],
  [700, 800, 0.99527930218766],
])('the chance to be above %d with %d degrees of freedom', (statistic, df, expected) => {
  expect(Math.abs(chiSquareSurvival(statistic, df) / expected - 1)).toBeLessThan(1e-11)
})

test('two degrees of freedom are exponential', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1000, noNaN: true }), (x) => {
      expect(chiSquareSurvival(x, 2)).toBeCloseTo(Math.exp(-x / 2), 13)
    }),
  )
  expect(chiSquareSurvival(Infinity, 2)).toBe(0)
})

test('the statistic compares with what is expected of each', () => {
  expect(chiSquare([10, 20, 30])).toBe(10)
  expect(chiSquare([10, 20, 30], [1, 2, 3])).toBe(0)
})

// The cube root is an approximation: it errs to the side of fewer alarms less, never more than once in a million.
test.each([2, 3, 5, 11, 101, 1001])(
  'the limit for %d cells is exceeded at most once in a million',
  (cells) => {
    const chance = chiSquareSurvival(chiSquareLimit(cells), cells - 1)
    expect(chance).toBeLessThan(1e-6)
    expect(chance).toBeGreaterThan(1e-7)
  },
)

test('it refuses what is no statistic', () => {
  expect(() => chiSquareSurvival(-1, 2)).toThrow(
    new RangeError('statistic must be at least 0, got -1'),
  )
  expect(() => chiSquareSurvival(1, 0)).toThrow(new RangeError('df must be above 0, got 0'))
})
