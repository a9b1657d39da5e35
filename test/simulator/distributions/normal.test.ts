import { expect, test } from 'vitest'
import { normalCdf, normalQuantiles } from '../../../simulator/distributions/normal.ts'

/** What `x` may be off by: some units in its last place, or in that of 1 where it is small. */
function near(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(expected)))
}

// Worked out with 30 digits (mpmath). The middle, both tails of the algorithm, and their seams at .075 and exp(-25).
test.each([
  [2 ** -53, -8.209536151601387],
  [1e-12, -7.034483825301132],
  [1e-10, -6.361340902404057],
  [1e-3, -3.0902323061678136],
  [0.075, -1.439531470938456],
  [0.1, -1.2815515655446004],
  [0.3, -0.5244005127080408],
  [0.5, 0],
  [0.7, 0.5244005127080407],
  [0.99, 2.3263478740408408],
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
  [-3, 0.0013498980316300946],
  [-1, 0.15865525393145705],
  [0, 0.5],
  [0.5, 0.6914624612740131],
  [2.5, 0.9937903346742238],
  [9, 1],
])('up to %f lie %f of all', (x, p) => {
  near(normalCdf(x), p)
})
