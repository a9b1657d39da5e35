import { describe, expect, test } from 'vitest'
import { Rng } from '../../proxy/core/rng.ts'
import { type DistributionSpec, sampler } from '../../simulator/distributions.ts'

const DRAWS = 100_000

function draw(spec: DistributionSpec, seed = 1): number[] {
  const sample = sampler(spec, new Rng(seed))
  return Array.from({ length: DRAWS }, () => sample())
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('distributions', () => {
  test('constant is always the same and uses no chance', () => {
    const rng = new Rng(1)
    expect(sampler({ type: 'constant', value: 7 }, rng)()).toBe(7)
    expect(rng.next()).toBe(new Rng(1).next())
  })

  test('uniform stays inside its ends and meets their middle', () => {
    const values = draw({ type: 'uniform', min: 5, max: 25 })
    expect(Math.min(...values)).toBeGreaterThanOrEqual(5)
    expect(Math.max(...values)).toBeLessThan(25)
    expect(mean(values)).toBeCloseTo(15, 0)
  })

  test('uniform with both ends equal is that value', () => {
    expect(new Set(draw({ type: 'uniform', min: 0, max: 0 }))).toEqual(new Set([0]))
  })

  test('exponential has its mean, a standard deviation like it, and a share of 1/e beyond it', () => {
    const values = draw({ type: 'exponential', mean: 10 })
    const average = mean(values)
    expect(average).toBeCloseTo(10, 0)
    expect(Math.sqrt(mean(values.map((value) => (value - average) ** 2)))).toBeCloseTo(10, 0)
    expect(values.filter((value) => value > 10).length / DRAWS).toBeCloseTo(1 / Math.E, 2)
    expect(values.every((value) => value >= 0 && value < Infinity)).toBe(true)
  })

  test('the same seed gives the same draws', () => {
    const spec: DistributionSpec = { type: 'exponential', mean: 3 }
    expect(draw(spec, 9)).toEqual(draw(spec, 9))
    expect(draw(spec, 9)).not.toEqual(draw(spec, 10))
  })

  test.each<[DistributionSpec, string]>([
    [{ type: 'constant', value: -1 }, 'work.value must be at least 0, got -1'],
    [{ type: 'uniform', min: NaN, max: 1 }, 'work.min must be at least 0, got NaN'],
    [{ type: 'uniform', min: 0, max: Infinity }, 'work.max must be at least 0, got Infinity'],
    [{ type: 'uniform', min: 3, max: 2 }, 'work.max must be at least work.min (3), got 2'],
    [{ type: 'exponential', mean: 0 }, 'work.mean must be above 0, got 0'],
    [
      { type: 'normal' } as unknown as DistributionSpec,
      'work.type must be one of constant, uniform, exponential, erlang, lognormal, hyperexponential, ' +
        'bounded_pareto, weibull, bimodal, empirical, got normal',
    ],
  ])('%o is refused: %s', (spec, message) => {
    expect(() => sampler(spec, new Rng(1))).toThrow(new RangeError(message))
  })

  test('the path in an error is the one given', () => {
    expect(() => sampler({ type: 'exponential', mean: -2 }, new Rng(1), 'servers[2].work')).toThrow(
      'servers[2].work.mean must be above 0, got -2',
    )
  })
})
