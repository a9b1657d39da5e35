import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalCdf, normalQuantile } from '../../../simulator/statistics/normal.ts'

// References are mpmath's, calculated with 25 digits.

test.each([
  [-5, 2.866515718791939e-7],
  [-1, 0.1586552539314571],
  [0, 0.5],
  [0.3, 0.6179114221889526],
  [2, 0.9772498680518208],
])('the chance to be below %d is right to 13 digits', (z, expected) => {
  expect(Math.abs(normalCdf(z) / expected - 1)).toBeLessThan(1e-13)
})

test.each([
  [1e-12, -7.034483825301132],
  [0.6, 0.2533471031357998],
  [0.9, 1.2815515655446],
  [0.975, 1.959963984540054],
  [0.995, 2.575829303548901],
  [0.999999, 4.753424308822899],
])('the quantile of %d is right to 11 digits', (p, expected) => {
  expect(Math.abs(normalQuantile(p) / expected - 1)).toBeLessThan(1e-11)
})

test('the quantile undoes the chance, and is symmetric', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 0.5, noNaN: true }), (p) => {
      const z = normalQuantile(p)
      expect(Math.abs(normalCdf(z) / p - 1)).toBeLessThan(1e-10)
      if (p > 1e-10) expect(normalQuantile(1 - p) + normalQuantile(1 - (1 - p))).toBe(0)
    }),
  )
})

test('there is no quantile of 0 or 1', () => {
  expect(() => normalQuantile(0)).toThrow(new RangeError('p must be above 0 and below 1, got 0'))
  expect(() => normalQuantile(1)).toThrow('p must be above 0 and below 1, got 1')
})
