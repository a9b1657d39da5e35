import { expect, test } from 'vitest'
import { normalCdf, normalQuantiles } from '../../../simulator/distributions/normal.ts'

/** What `x` may be off by: some units in its last place, or in that of 1 where it is small. */
function near(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(expected)))
}

// Worked out with 30 digits (mpmath). The middle, both tails of the algorithm, and their seams at .075 and exp(-25).
test.each([
  [2 ** -53, -8.20953615160138686],
  [1e-12, -7.03448382530113193],
  [1e-10, -6.3613409024040562],
  [1e-3, -3.09023230616781354],
  [0.075, -1.43953147093845593],
  [0.1, -1.28155156554460044],
  [0.3, -0.524400512708040816],
  [0.5, 0],
  [0.7, 0.524400512708040656],
  [0.99, 2.32634787404084077],
])('the quantile of %f is %f', (p, x) => {
  const values = Float64Array.of(p)
  normalQuantiles(values)
  near(values[0], x)
})

test('the ends are at infinity', () => {
  const values = Float64Array.of(0, 1)
  normalQuantiles(values)
  expect([...values]).toEqual([-Infinity, Infinity])
})

test.each([
  [-9, 0],
  [-7, 1.279812543885835e-12],
  [-3, 0.00134989803163009453],
  [-1, 0.158655253931457051],
  [0, 0.5],
  [0.5, 0.691462461274013104],
  [2.5, 0.993790334674223865],
  [9, 1],
])('up to %f lie %f of all', (x, p) => {
  near(normalCdf(x), p)
})
