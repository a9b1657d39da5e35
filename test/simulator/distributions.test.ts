import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../proxy/core/rng.ts'
import {
  createDistribution,
  type DistributionSpec,
  moments,
  sampler,
  source,
} from '../../simulator/distributions.ts'
import { chiSquare, chiSquareLimit } from '../../simulator/statistics/chi-square.ts'
import { kolmogorov, kolmogorovLimit } from '../support/kolmogorov.ts'
import { fraction, ScriptedRng } from '../support/scripted-rng.ts'

const DRAWS = 100_000

/** Specs without a step in their distribution function. */
const SMOOTH: readonly DistributionSpec[] = [
  { type: 'uniform', min: 5, max: 25 },
  { type: 'exponential', mean: 10 },
  { type: 'erlang', mean: 10, stages: 1 },
  { type: 'erlang', mean: 10, stages: 4 },
  { type: 'erlang', mean: 10, stages: 50 },
  { type: 'lognormal', mean: 10, cv: 0.2 },
  { type: 'lognormal', mean: 10, cv: 1 },
  { type: 'hyperexponential', mean: 10, cv: 1 },
  { type: 'hyperexponential', mean: 10, cv: 2 },
  {
    type: 'hyperexponential',
    branches: [
      { share: 0.5, mean: 2 },
      { share: 0.3, mean: 20 },
      { share: 0.2, mean: 15 },
    ],
  },
  { type: 'bounded_pareto', min: 1, max: 100, shape: 1.5 },
  { type: 'bounded_pareto', min: 1, max: 100, shape: 1 },
  { type: 'bounded_pareto', min: 1, max: 100, shape: 2 },
  { type: 'weibull', mean: 10, shape: 0.7 },
  { type: 'weibull', mean: 10, shape: 3 },
]

/** The others, with what they can give and how likely that is. */
const STEPPED: readonly [DistributionSpec, Record<number, number>][] = [
  [{ type: 'constant', value: 7 }, { 7: 1 }],
  [{ type: 'constant', value: 0 }, { 0: 1 }],
  [
    { type: 'bimodal', fast: 10, slow: 1000, slowShare: 0.25 },
    { 10: 0.75, 1000: 0.25 },
  ],
  [{ type: 'bimodal', fast: 0, slow: 3, slowShare: 1 }, { 3: 1 }],
  [
    { type: 'empirical', values: [4, 1, 4, 9] },
    { 1: 0.25, 4: 0.5, 9: 0.25 },
  ],
  [
    { type: 'empirical', values: [9, 2, 5, 3], weights: [1, 5, 0, 4] },
    { 2: 0.5, 3: 0.4, 9: 0.1 },
  ],
]

const ALL = [...SMOOTH, ...STEPPED.map(([spec]) => spec)]

function draw(spec: DistributionSpec, seed = 2026, count = DRAWS): Float64Array {
  const into = new Float64Array(count)
  source(spec, new Rng(seed)).fill(into)
  return into
}

/** How many random numbers a draw costs. */
function cost(spec: DistributionSpec): number {
  if (spec.type === 'constant') return 0
  return spec.type === 'erlang' ? spec.stages : 1
}

describe('draws', () => {
  // The false-alarm rate of each is at most one in a million: see kolmogorov.ts and chi-square.ts.

  test.each(SMOOTH)('%o: 100,000 are spread by the distribution function (seed 2026)', (spec) => {
    const { cdf } = bound(spec)
    expect(kolmogorov(draw(spec), cdf)).toBeLessThan(kolmogorovLimit(DRAWS))
  })

  test.each(STEPPED)(
    '%o: 100,000 are what they can be, as often as they should (seed 2026)',
    (spec, shares) => {
      const counts = new Map(Object.keys(shares).map((value) => [Number(value), 0]))
      for (const value of draw(spec)) counts.set(value, counts.get(value)! + 1)
      expect(counts.size).toBe(Object.keys(shares).length)
      if (counts.size === 1) return
      const weights = [...counts.keys()].map((value) => shares[value])
      expect(chiSquare([...counts.values()], weights)).toBeLessThan(chiSquareLimit(counts.size))
    },
  )

  test.each(ALL)(
    '%o: the n-th is the same whether they come one by one or in any portions',
    (spec) => {
      const expected = draw(spec, 9, 300)
      const one = sampler(spec, new Rng(9))
      expect(Float64Array.from({ length: 300 }, () => one())).toEqual(expected)
      const portions = source(spec, new Rng(9))
      const joined = [0, 1, 2, 97, 200].flatMap((length) => {
        const into = new Float64Array(length)
        portions.fill(into)
        return [...into]
      })
      expect(joined).toEqual([...expected])
    },
  )

  test.each(ALL)('%o: a draw costs a fixed number of random numbers', (spec) => {
    const rng = new Rng(5)
    source(spec, rng).fill(new Float64Array(100))
    const other = new Rng(5)
    other.fillFloats(new Float64Array(100 * cost(spec)))
    expect(rng.bits()).toBe(other.bits())
  })

  test.each(ALL)('%o: is from 0 up and finite for the extreme random numbers', (spec) => {
    for (const u of [0, 1 - 2 ** -53]) {
      const script = Array.from({ length: cost(spec) }, () => fraction(u)).flat()
      const value = sampler(spec, new ScriptedRng(...script))()
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThan(Infinity)
    }
  })

  test.each<(figure: number) => DistributionSpec>([
    (value) => ({ type: 'constant', value }),
    (max) => ({ type: 'uniform', min: 1, max }),
    (mean) => ({ type: 'exponential', mean }),
    (mean) => ({ type: 'erlang', mean, stages: 3 }),
    (mean) => ({ type: 'lognormal', mean, cv: 2 }),
    (mean) => ({ type: 'hyperexponential', mean, cv: 2 }),
    (max) => ({ type: 'bounded_pareto', min: 1, max, shape: 1.1 }),
    (mean) => ({ type: 'weibull', mean, shape: 0.5 }),
    (slow) => ({ type: 'bimodal', fast: 1, slow, slowShare: 0.3 }),
    (most) => ({ type: 'empirical', values: [1, 2, most] }),
  ])('%o: with a greater figure no request under the same seed is smaller', (of) => {
    const [less, more] = [draw(of(10), 7, 1000), draw(of(11), 7, 1000)]
    less.forEach((value, i) => expect(more[i]).toBeGreaterThanOrEqual(value))
    expect(Math.max(...more)).toBeGreaterThan(Math.max(...less))
  })

  test('an Erlang of many stages does not run out of digits', () => {
    const script = Array.from({ length: 1000 }, () => fraction(1 - 2 ** -53)).flat()
    const value = sampler({ type: 'erlang', mean: 1, stages: 1000 }, new ScriptedRng(...script))()
    expect(value).toBeCloseTo(53 * Math.log(2), 10)
  })
})

describe('formulas', () => {
  test.each(SMOOTH)('%o: mean and scv are the integrals of the distribution function', (spec) => {
    // E X^k = integral of k x^(k-1) (1 - F(x)), with x = exp(t) so that all scales count alike.
    const { cdf } = bound(spec)
    const step = 1 / 2000
    let [first, second] = [0, 0]
    for (let t = -16; t < 8; t += step) {
      const x = Math.exp(t)
      const above = (1 - cdf(x)) * x * step
      first += above
      second += 2 * x * above
    }
    const { mean, scv } = moments(spec)
    expect(first / mean).toBeCloseTo(1, 5)
    expect(second / mean ** 2).toBeCloseTo(1 + scv, 4)
  })

  test.each(STEPPED)('%o: mean and scv are the sums over %o', (spec, shares) => {
    const values = Object.entries(shares).map(([value, share]) => [Number(value), share])
    const mean = values.reduce((sum, [value, share]) => sum + share * value, 0)
    const variance = values.reduce((sum, [value, share]) => sum + share * (value - mean) ** 2, 0)
    expect(moments(spec).mean).toBeCloseTo(mean, 12)
    expect(moments(spec).scv).toBeCloseTo(mean === 0 ? 0 : variance / mean ** 2, 12)
  })

  test.each(SMOOTH)('%o: the distribution function undoes the quantile', (spec) => {
    const distribution = createDistribution(spec)
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (p) => {
        expect(distribution.cdf(distribution.quantile(p))).toBeCloseTo(p, 13)
      }),
    )
    expect(distribution.cdf(distribution.quantile(1))).toBe(1)
    expect(distribution.cdf(distribution.quantile(5e-324))).toBeCloseTo(0, 300)
    expect(distribution.cdf(NaN)).toBeNaN()
    expect(distribution.cdf(-1)).toBe(0)
    expect(distribution.cdf(Infinity)).toBe(1)
  })

  test.each(STEPPED)(
    '%o: the quantile is the least amount with enough at or below it',
    (spec, shares) => {
      const distribution = createDistribution(spec)
      const values = Object.keys(shares).map(Number)
      for (const value of values) {
        const below = distribution.cdf(value - 1e-9)
        const upTo = distribution.cdf(value)
        const sum = values.filter((other) => other <= value).reduce((all, v) => all + shares[v], 0)
        expect(upTo).toBeCloseTo(sum, 12)
        for (const p of [below + 1e-9, (below + upTo) / 2, upTo])
          expect(distribution.quantile(p)).toBe(value)
      }
    },
  )

  // Worked out with 30 digits (mpmath), not with these formulas.
  test.each<[DistributionSpec, number, number]>([
    [{ type: 'erlang', mean: 2, stages: 4 }, 0.1, 0.8723847814124557],
    [{ type: 'erlang', mean: 2, stages: 4 }, 0.5, 1.836030374425448],
    [{ type: 'erlang', mean: 2, stages: 4 }, 0.999, 6.531120389594035],
    [{ type: 'erlang', mean: 3, stages: 50 }, 0.01, 2.101946847761994],
    [{ type: 'hyperexponential', mean: 2, cv: 3 }, 0.5, 0.787251452317484],
    [{ type: 'hyperexponential', mean: 2, cv: 3 }, 0.9, 3.0056131399789243],
    [{ type: 'weibull', mean: 2, shape: 1.7 }, 0.5, 1.8068164386062584],
    [{ type: 'lognormal', mean: 2, cv: 2 }, 0.99, 17.110930108418685],
    [{ type: 'bounded_pareto', min: 1, max: 1e4, shape: 1.1 }, 0.5, 1.8777938611553953],
  ])('%o: the quantile of %f is %f', (spec, p, expected) => {
    expect(createDistribution(spec).quantile(p) / expected).toBeCloseTo(1, 13)
  })

  test.each<[DistributionSpec, number, number]>([
    [{ type: 'weibull', mean: 2, shape: 0.5 }, 2, 5],
    [{ type: 'weibull', mean: 2, shape: 1.7 }, 2, 0.3666056208681746],
    [{ type: 'lognormal', mean: 2, cv: 3 }, 2, 9],
    [{ type: 'hyperexponential', mean: 2, cv: 3 }, 2, 9],
    [{ type: 'bounded_pareto', min: 1, max: 1e4, shape: 1.5 }, 2.97000297000297, 32.67],
    [
      { type: 'bounded_pareto', min: 1, max: 1e4, shape: 1.1 },
      6.621084714041681,
      109.96859133569392,
    ],
    [{ type: 'bounded_pareto', min: 1, max: 1e4, shape: 1 }, 9.211261498125996, 116.85873534895536],
    [{ type: 'bounded_pareto', min: 1, max: 1e4, shape: 2 }, 1.9998000199980002, 3.606091312137904],
  ])('%o: the mean is %f and the scv %f', (spec, mean, scv) => {
    expect(moments(spec).mean / mean).toBeCloseTo(1, 13)
    expect(moments(spec).scv / scv).toBeCloseTo(1, 12)
  })

  test('many short and few long of a hyperexponential make the same work', () => {
    const given = { type: 'hyperexponential', mean: 10, cv: 3 } as const
    const [mean, rare] = [10, (1 - Math.sqrt(8 / 10)) / 2]
    const spelled: DistributionSpec = {
      type: 'hyperexponential',
      branches: [
        { share: 1 - rare, mean: mean / 2 / (1 - rare) },
        { share: rare, mean: mean / 2 / rare },
      ],
    }
    expect(moments(spelled).mean).toBeCloseTo(10, 10)
    expect(moments(spelled).scv).toBeCloseTo(9, 10)
    draw(spelled, 1, 100).forEach((value, i) =>
      expect(value / draw(given, 1, 100)[i]).toBeCloseTo(1, 8),
    )
  })
})

function bound(spec: DistributionSpec): { cdf: (x: number) => number } {
  const distribution = createDistribution(spec)
  return { cdf: (x) => distribution.cdf(x) }
}
