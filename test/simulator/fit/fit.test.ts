import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import type { DistributionSpec } from '../../../simulator/distributions.ts'
import { logGamma } from '../../../simulator/distributions/log-gamma.ts'
import { type Fit, fitAll, howGood } from '../../../simulator/fit/fit.ts'

const COUNT = 20_000

/** That many draws, in order. Each by its definition, not by the formulas that are tested. */
function draws(draw: (rng: Rng) => number, seed = 1, count = COUNT): Float64Array {
  const rng = new Rng(seed)
  return Float64Array.from({ length: count }, () => draw(rng)).sort()
}

function exponential(rng: Rng, mean: number): number {
  return -mean * Math.log(1 - rng.float())
}

function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.float())) * Math.cos(2 * Math.PI * rng.float())
}

function fitOf(fits: readonly Fit[], type: DistributionSpec['type']): Fit {
  return fits.find(({ spec }) => spec.type === type)!
}

describe('of each family draws are told, with figures within some standard errors', () => {
  const cases: [
    DistributionSpec['type'],
    (rng: Rng) => number,
    (spec: never) => [number, number][],
  ][] = [
    [
      'erlang',
      (rng) => exponential(rng, 2) + exponential(rng, 2) + exponential(rng, 2),
      (spec: { mean: number; stages: number }) => [
        [spec.mean, 6],
        [spec.stages, 3],
      ],
    ],
    [
      'lognormal',
      (rng) => Math.exp(1 + 0.8 * normal(rng)),
      (spec: { mean: number; cv: number }) => [
        [spec.mean, Math.exp(1.32)],
        [spec.cv, Math.sqrt(Math.expm1(0.64))],
      ],
    ],
    [
      'weibull',
      (rng) => 5 * exponential(rng, 1) ** (1 / 0.6),
      (spec: { mean: number; shape: number }) => [
        [spec.mean, 5 * Math.exp(logGamma(1 + 1 / 0.6))],
        [spec.shape, 0.6],
      ],
    ],
    [
      'hyperexponential',
      (rng) => exponential(rng, rng.float() < 0.9 ? 2 : 50),
      (spec: { branches: { share: number; mean: number }[] }) => [
        [spec.branches[0].share, 0.9],
        [spec.branches[0].mean, 2],
        [spec.branches[1].mean, 50],
      ],
    ],
    [
      'bounded_pareto',
      (rng) => 1 / (1 - rng.float() * (1 - 1e-3 ** 1.2)) ** (1 / 1.2),
      (spec: { min: number; max: number; shape: number }) => [
        [spec.min, 1],
        [spec.shape, 1.2],
      ],
    ],
  ]
  test.each(cases)('%s', (type, draw, figures) => {
    const { chance, fits } = fitAll(draws(draw))
    expect(fits[0].spec.type).toBe(type)
    for (const [found, true_] of figures(fits[0].spec as never)) {
      expect(Math.abs(found / true_ - 1)).toBeLessThan(0.06)
    }
    expect(fits[0].distance).toBeLessThan(chance)
    expect(howGood(fits[0], chance)).toBe('no difference beyond chance')
  })

  test('exponential, with the simplest of those that contain it', () => {
    const { fits, mean } = fitAll(draws((rng) => exponential(rng, 7)))
    expect(fits[0].spec).toEqual({ type: 'exponential', mean })
    expect(Math.abs(mean / 7 - 1)).toBeLessThan(5 / Math.sqrt(COUNT))
  })
})

describe('the figures', () => {
  const values = draws((rng) => exponential(rng, 3) + exponential(rng, 1), 5, 2000)
  const { fits } = fitAll(values)

  /** Minus twice the logarithm of the likelihood, by the density that the definition gives. */
  function misfit(density: (x: number) => number): number {
    return -2 * values.reduce((sum, x) => sum + Math.log(density(x)), 0)
  }

  test('AIC is that of the density, which is largest for the figures that were found', () => {
    const densities = {
      exponential: (mean: number) => (x: number) => Math.exp(-x / mean) / mean,
      lognormal: (mean: number, cv: number) => (x: number) => {
        const variance = Math.log(1 + cv ** 2)
        const mu = Math.log(mean) - variance / 2
        const off = (Math.log(x) - mu) ** 2 / (2 * variance)
        return Math.exp(-off) / (x * Math.sqrt(2 * Math.PI * variance))
      },
      weibull: (mean: number, shape: number) => (x: number) => {
        const scale = mean / Math.exp(logGamma(1 + 1 / shape))
        return (shape / scale) * (x / scale) ** (shape - 1) * Math.exp(-((x / scale) ** shape))
      },
      erlang: (mean: number, stages: number) => (x: number) => {
        const rate = stages / mean
        const factorial = Array.from({ length: stages - 1 }, (_, i) => i + 1).reduce(
          (a, b) => a * b,
          1,
        )
        return (rate ** stages * x ** (stages - 1) * Math.exp(-rate * x)) / factorial
      },
    }
    for (const [type, density] of Object.entries(densities)) {
      const fit = fitOf(fits, type as DistributionSpec['type'])
      const [one, other] = Object.values(fit.spec).slice(1) as unknown as [number, number]
      const least = misfit(density(one, other))
      expect(fit.aic).toBeCloseTo(least + 2 * fit.parameters, 4)
      expect(misfit(density(one * 1.02, other))).toBeGreaterThan(least)
      expect(misfit(density(one * 0.98, other))).toBeGreaterThan(least)
      if (type === 'lognormal' || type === 'weibull') {
        expect(misfit(density(one, other * 1.02))).toBeGreaterThan(least)
        expect(misfit(density(one, other * 0.98))).toBeGreaterThan(least)
      }
    }
  })

  test('AIC of mixtures and of bounded Pareto laws is that of their density, too', () => {
    const mixed = draws((rng) => (1 - rng.float() * 0.999) ** (-1 / 1.2), 6, 2000)
    for (const { aic, parameters, spec } of fitAll(mixed).fits) {
      let density: (x: number) => number
      if (spec.type === 'bounded_pareto') {
        const { max, min, shape } = spec
        const within = 1 - (min / max) ** shape
        density = (x) => (shape * min ** shape * x ** (-shape - 1)) / within
      } else if (spec.type === 'hyperexponential' && 'branches' in spec) {
        const { branches } = spec
        density = (x) =>
          branches.reduce((sum, { mean, share }) => sum + (share / mean) * Math.exp(-x / mean), 0)
      } else continue
      const misfit = -2 * mixed.reduce((sum, x) => sum + Math.log(density(x)), 0)
      expect(Math.abs(aic - misfit - 2 * parameters)).toBeLessThan(0.01)
    }
    expect(fitAll(mixed).fits.map(({ spec }) => spec.type)).toEqual(
      expect.arrayContaining(['hyperexponential', 'bounded_pareto']),
    )
  })

  test('the distance is the largest between the two steps', () => {
    // Exponential with mean 2 against the steps of 1, 2 and 3: the largest is in front of 1.
    const { fits } = fitAll(new Float64Array([1, 1.5, 1.75, 2, 2.25, 2.5, 3]))
    const steps = [1, 1.5, 1.75, 2, 2.25, 2.5, 3].flatMap((x, i) => {
      const below = 1 - Math.exp(-x / 2)
      return [Math.abs(below - i / 7), Math.abs(below - (i + 1) / 7)]
    })
    expect(fitOf(fits, 'exponential').distance).toBeCloseTo(Math.max(...steps), 12)
  })
})

describe('data that are not as they should be', () => {
  test('all alike are a constant', () => {
    const { empirical, fits } = fitAll(new Float64Array(50).fill(4))
    expect(fits.map(({ spec }) => spec)).toEqual([{ type: 'constant', value: 4 }])
    expect(empirical.spec).toMatchObject({ type: 'empirical' })
  })

  test('rounded to milliseconds, with zeros, are still what they were', () => {
    const rounded = draws((rng) => Math.round(exponential(rng, 5)))
    const fitting = fitAll(rounded)
    expect(fitting.grain).toBe(1)
    expect(fitting.zeros).toBe(rounded.findIndex((value) => value > 0))
    expect(fitting.zeros).toBeGreaterThan(1000)
    expect(fitOf(fitting.fits, 'exponential').distance).toBeLessThan(0.02)
  })

  test('of two kinds far apart fit nothing, and their own quantiles do', () => {
    const { chance, empirical, fits, mean } = fitAll(
      draws((rng) => (rng.float() < 0.5 ? 1 : 100) * (1 + 0.01 * rng.float())),
    )
    expect(fits.every((fit) => ['poor', 'rough'].includes(howGood(fit, chance)))).toBe(true)
    const { values } = empirical.spec as { type: 'empirical'; values: number[] }
    expect(values.reduce((sum, value) => sum + value, 0) / values.length / mean).toBeCloseTo(1, 1)
  })
})
