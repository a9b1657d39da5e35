import { expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { normalQuantile } from '../../../simulator/statistics/normal.ts'
import { relativeInterval } from '../../../simulator/statistics/ratio.ts'
import { studentQuantile } from '../../../simulator/statistics/student.ts'

test('is the difference as a share of the first, with the spread of what the ratio leaves over', () => {
  const found = relativeInterval([8, 12], [5, 5])!
  // The ratio is 1/2: left over are 1 and -1.
  expect(found.mean).toBe(-0.5)
  expect(found.half).toBeCloseTo((studentQuantile(0.975, 1) * Math.SQRT2) / Math.SQRT2 / 10, 12)
  expect(found.high).toBeCloseTo(found.mean + found.half, 12)
})

test('is exact where each pair has the same ratio, however far the pairs are apart', () => {
  const found = relativeInterval([10, 20, 40], [5, 10, 20])!
  expect([found.mean, found.half]).toEqual([-0.5, 0])
})

test('goes by the size of a first that is below 0', () => {
  expect(relativeInterval([-10, -10], [-9, -9])!.mean).toBeCloseTo(0.1, 12)
})

test('of one pair nothing is known, of a first of 0 there is no share', () => {
  expect(relativeInterval([10], [5])!.half).toBe(Infinity)
  expect(relativeInterval([1, -1], [5, 5])).toBeNull()
})

// 2,000 intervals of 20 pairs: 95 % hold the ratio, standard deviation 0.5 points. Five of them, and one for the method, which is
// of the first order. To divide the difference's interval by the mean, as if that were known, holds far more than that here.
test('holds the true ratio as often as it says', () => {
  const rng = new Rng(4)
  const normal = (): number => normalQuantile(rng.float() || 0.5)
  let held = 0
  for (let i = 0; i < 2000; i++) {
    const first = Array.from({ length: 20 }, () => 100 + 10 * normal())
    const { high, low } = relativeInterval(
      first,
      first.map((each) => 0.6 * each + normal()),
    )!
    if (low <= -0.4 && high >= -0.4) held++
  }
  expect(Math.abs(held / 2000 - 0.95)).toBeLessThan(0.035)
})
