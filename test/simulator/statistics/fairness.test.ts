import { expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { fairnessChance, fairnessGate } from '../../../simulator/statistics/fairness.ts'
import {
  chiSquareQuantile,
  lambdaFor,
  noncentralSurvival,
} from '../../../simulator/statistics/noncentral.ts'
import { moreForProportion, proportionInterval } from '../../../simulator/statistics/proportion.ts'

test.each([
  [3, 0.2, 2.8],
  [3, 0.1, 11],
  [3, 0.05, 45],
  [10, 0.2, 16],
  [10, 0.1, 65],
  [10, 0.05, 259],
])(
  'one of %d servers that is off its share by %d shows in about %d thousand requests',
  (count, off, thousands) => {
    const { needed } = fairnessGate(
      Array.from({ length: count }, () => 1),
      off,
    )
    expect(Number((needed / 1000).toPrecision(thousands > 100 ? 3 : 2))).toBe(thousands)
  },
)

test('with as many the gate opens for what is fair, and closes on what is off', () => {
  const weights = [3, 1, 2]
  const { needed } = fairnessGate(weights, 0.2)
  const rng = new Rng(3)
  const counts = (shares: readonly number[]): number[] => {
    const came = shares.map(() => 0)
    for (let i = 0; i < needed; i++) {
      const at = rng.float()
      came[at < shares[0] ? 0 : at < shares[0] + shares[1] ? 1 : 2]++
    }
    return came
  }
  let seen = 0
  for (let i = 0; i < 100; i++) {
    expect(fairnessChance(counts([1 / 2, 1 / 6, 1 / 3]), weights)).toBeGreaterThan(1e-6)
    // The one that is due least, 20 % below it; the others have what it leaves.
    const rest = 1 - 0.8 / 6
    if (fairnessChance(counts([rest * 0.6, 0.8 / 6, rest * 0.4]), weights) < 1e-6) seen++
  }
  // 99 of a hundred; below 93 once in 40,000.
  expect(seen).toBeGreaterThan(92)
})

test('one that is due nothing must get nothing', () => {
  expect(fairnessChance([5, 5, 0], [1, 1, 0])).toBe(1)
  expect(fairnessChance([5, 5, 1], [1, 1, 0])).toBe(0)
})

test('noncentral: one degree of freedom is a shifted normal, squared', () => {
  const rng = new Rng(1)
  for (let i = 0; i < 20; i++) {
    const [shift, edge] = [5 * rng.float(), 6 * rng.float()]
    const tail = normalTail(edge - shift) + normalTail(edge + shift)
    expect(noncentralSurvival(edge ** 2, 1, shift ** 2)).toBeCloseTo(tail, 11)
  }
  // Far away it is still exact enough: mean df + lambda.
  expect(noncentralSurvival(100_002, 2, 100_000)).toBeCloseTo(0.5, 2)
  expect(noncentralSurvival(50, 2, 1e6)).toBeCloseTo(1, 9)
  expect(noncentralSurvival(2e6, 2, 1e6)).toBeLessThan(1e-12)
})

test('quantiles and lambdas are found again', () => {
  expect(chiSquareQuantile(0.05, 1)).toBeCloseTo(3.841459, 6)
  expect(chiSquareQuantile(1e-6, 2)).toBeCloseTo(-2 * Math.log(1e-6), 8)
  const lambda = lambdaFor(30, 5, 0.9)
  expect(noncentralSurvival(30, 5, lambda)).toBeCloseTo(0.9, 9)
  expect(lambdaFor(1, 5, 0.5)).toBe(0)
})

// Clopper and Pearson, 1934: 3 of 100, and none of 100, which is 1 - 0.025 ^ (1 / 100).
test('the interval of a share is exact', () => {
  const some = proportionInterval(3, 100)
  expect([some.low, some.high].map((each) => each.toFixed(5))).toEqual(['0.00623', '0.08518'])
  const none = proportionInterval(0, 100)
  expect(none.low).toBe(0)
  expect(none.high).toBeCloseTo(1 - 0.025 ** 0.01, 12)
  const all = proportionInterval(100, 100)
  expect([all.low, all.high]).toEqual([1 - none.high, 1].map((each) => expect.closeTo(each, 12)))
  expect(() => proportionInterval(2, 1)).toThrow('hits must be at most n (1), got 2')
})

test('how many more tries a share needs', () => {
  // 0.99 ^ 368 is the first below 0.025.
  expect(moreForProportion(0, 100, 0.01)).toBe(268)
  expect(moreForProportion(0, 1000, 0.01)).toBe(0)
  expect(moreForProportion(1, 100, 0.01)).toBe(Infinity)
  // Nothing that never happened shows that it never will.
  expect(moreForProportion(0, 100, 0)).toBe(Infinity)
})

function normalTail(z: number): number {
  // erfc by its integral, in steps so small that the sum is exact to 1e-12 (Simpson).
  const steps = 4000
  const width = (12 - z) / steps
  let sum = 0
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2
    sum += weight * Math.exp(-((z + i * width) ** 2) / 2)
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI)
}
