import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import {
  type Arrivals,
  checkArrivals,
  createArrivals,
  expectedBy,
  meanRate,
  type OpenArrivalSpec,
} from '../../../simulator/arrivals.ts'
import { type BurstsSpec, dispersion } from '../../../simulator/arrivals/bursts.ts'
import { kolmogorov, kolmogorovLimit } from '../../support/kolmogorov.ts'

const BURSTS: BurstsSpec = {
  type: 'bursts',
  calm: { rate: 50, mean: 900 },
  burst: { rate: 500, mean: 100 },
}
const STEPS = [
  { rate: 0, duration: 100 },
  { rate: 100, duration: 1000 },
  { rate: 0, duration: 500 },
  { rate: 300, duration: 200 },
  { rate: 0, duration: 50 },
]

/** Rates that change by plan, so that how many requests are expected by a time is known. */
const PLANNED: readonly OpenArrivalSpec[] = [
  { type: 'poisson', rate: 100 },
  { type: 'steps', steps: STEPS, repeat: true },
  { type: 'ramp', from: 0, to: 200, duration: 5000 },
  { type: 'ramp', from: 200, to: 10, duration: 5000 },
  { type: 'ramp', from: 30, to: 30, duration: 5000 },
  { type: 'diurnal', mean: 100, swing: 0, period: 1000 },
  { type: 'diurnal', mean: 100, swing: 0.8, period: 1000 },
  { type: 'diurnal', mean: 100, swing: 1, period: 700 },
]

const ALL: readonly OpenArrivalSpec[] = [
  ...PLANNED,
  BURSTS,
  { type: 'paced', rate: 3 },
  { type: 'steps', steps: STEPS },
  { type: 'ramp', from: 20, to: 0, duration: 5000 },
  { type: 'ramp', from: 0, to: 20, duration: 5000, rhythm: 'paced' },
  { type: 'trace', times: [0, 5, 3, 9], speed: 2 },
]

function times(spec: OpenArrivalSpec, count: number, seed = 2026): Float64Array {
  const into = new Float64Array(count)
  createArrivals(spec, new Rng(seed)).fill(into)
  return into
}

test.each(ALL)(
  '%o: the n-th is the same whether they come one by one or in any portions',
  (spec) => {
    const expected = [...times(spec, 300)]
    const single: Arrivals = createArrivals(spec, new Rng(2026))
    expect(Array.from({ length: 300 }, () => single.next())).toEqual(expected)
    const portions = createArrivals(spec, new Rng(2026))
    const joined = [0, 1, 2, 97, 200].flatMap((length) => {
      const into = new Float64Array(length)
      portions.fill(into)
      return [...into]
    })
    expect(joined).toEqual(expected)
  },
)

test.each(ALL)('%o: none is due before the last one', (spec) => {
  times(spec, 10_000).forEach((time, i, all) => {
    expect(time).toBeGreaterThanOrEqual(i === 0 ? 0 : all[i - 1])
  })
})

describe('a rate that changes by plan', () => {
  test.each(PLANNED)(
    '%o: the number expected by the n-th is the n-th of a unit process',
    (spec) => {
      // So it is exactly Poisson, however the rate goes: its cumulative rate turns it back into one that is.
      const unit = times({ type: 'poisson', rate: 1000 }, 5000)
      times(spec, 5000).forEach((time, i) => {
        expect(Math.abs(expectedBy(spec, time) - unit[i])).toBeLessThan(1e-12 * (unit[i] + 1) * 100)
      })
    },
  )

  test('of unit rate it has exponential gaps (seed 2026, 100,000, one in a million)', () => {
    const all = times({ type: 'poisson', rate: 1000 }, 100_000)
    const gaps = all.map((time, i) => time - (i === 0 ? 0 : all[i - 1]))
    expect(kolmogorov(gaps, (x) => 1 - Math.exp(-x))).toBeLessThan(kolmogorovLimit(100_000))
  })

  test('a day is that of the engine, by its own sine and many small steps', () => {
    const spec = { type: 'diurnal', mean: 100, swing: 0.8, period: 1000 } as const
    let sum = 0
    for (let t = 0; t < 600; t++) sum += (1 + 0.8 * Math.sin((2 * Math.PI * (t + 0.5)) / 1000)) / 10
    expect(expectedBy(spec, 600)).toBeCloseTo(sum, 4)
    expect(expectedBy(spec, 3000)).toBeCloseTo(300, 10)
  })

  test('paced steps keep time in each, and end', () => {
    const steps = [
      { rate: 10, duration: 300 },
      { rate: 0, duration: 100 },
      { rate: 20, duration: 100 },
    ]
    const spec: OpenArrivalSpec = { type: 'steps', steps, rhythm: 'paced' }
    expect([...times(spec, 7)]).toEqual([0, 100, 200, 400, 450, Infinity, Infinity])
    expect([...times({ ...spec, repeat: true }, 7)]).toEqual([0, 100, 200, 400, 450, 500, 600])
  })

  test('a ramp stays at its end, or ends there if that is 0', () => {
    // 0 to 20 a second in a second: n requests by sqrt(n / 10) s; then one every 50 ms.
    const up = times({ type: 'ramp', from: 0, to: 20, duration: 1000, rhythm: 'paced' }, 13)
    for (const [n, time] of [
      [0, 0],
      [1, 316.2277660168],
      [5, 707.1067811865],
      [10, 1000],
      [12, 1100],
    ]) {
      expect(up[n]).toBeCloseTo(time, 9)
    }
    const down = times({ type: 'ramp', from: 20, to: 0, duration: 1000, rhythm: 'paced' }, 11)
    expect(down[9]).toBeLessThan(1000)
    expect(down[10]).toBe(Infinity)
  })
})

test('the mean rate is the number expected over the time', () => {
  expect(meanRate(BURSTS, 1234)).toBeCloseTo(95, 12)
  expect(meanRate({ type: 'steps', steps: STEPS }, 1850)).toBeCloseTo(160 / 1.85, 10)
  expect(meanRate({ type: 'steps', steps: STEPS }, 3700)).toBeCloseTo(160 / 3.7, 10)
  expect(meanRate({ type: 'ramp', from: 0, to: 100, duration: 1000 }, 2000)).toBeCloseTo(75, 10)
  expect(meanRate({ type: 'trace', times: [0, 500, 400, 2000] }, 1000)).toBe(3)
})

test('bursts: mean and variance of the number in a window are by formula (20,000 windows, six deviations)', () => {
  // Each window begins in the long run. With six deviations it is two in a billion that an honest one is outside.
  for (const window of [50, 400]) {
    const counts = Array.from({ length: 20_000 }, (_, seed) => {
      const arrivals = createArrivals(BURSTS, new Rng(seed))
      let count = 0
      while (arrivals.next() <= window) count++
      return count
    })
    const mean = (95 * window) / 1000
    const squares = counts.map((count) => (count - mean) ** 2 / mean)
    for (const [values, expected] of [
      [counts, mean],
      [squares, dispersion(BURSTS, window)],
    ] as const) {
      const average = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance =
        values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length
      expect(Math.abs(average - expected)).toBeLessThan(6 * Math.sqrt(variance / values.length))
    }
  }
})

test('bursts whose spells are alike are a Poisson stream', () => {
  const spec: BurstsSpec = {
    type: 'bursts',
    calm: { rate: 7, mean: 5 },
    burst: { rate: 7, mean: 50 },
  }
  expect(dispersion(spec, 1000)).toBe(1)
  const poisson = times({ type: 'poisson', rate: 7 }, 1000)
  times(spec, 1000).forEach((time, i) => expect(time / poisson[i]).toBeCloseTo(1, 9))
})

test.each<[object, string]>([
  [
    { type: 'bursts', calm: { rate: -1, mean: 1 }, burst: { rate: 1, mean: 1 } },
    'arrivals.calm.rate must be at least 0, got -1',
  ],
  [
    { type: 'bursts', calm: { rate: 1, mean: 1 } },
    'arrivals.burst.rate must be at least 0, got undefined',
  ],
  [
    { type: 'bursts', calm: { rate: 1, mean: 1 }, burst: { rate: 1, mean: 0 } },
    'arrivals.burst.mean must be above 0, got 0',
  ],
  [
    { type: 'bursts', calm: { rate: 0, mean: 1 }, burst: { rate: 0, mean: 1 } },
    'arrivals.burst.rate must be above 0 if arrivals.calm.rate is 0',
  ],
  [{ type: 'steps', steps: [] }, 'arrivals.steps must be a list with at least one entry'],
  [
    { type: 'steps', steps: [{ rate: 1, duration: 0 }] },
    'arrivals.steps[0].duration must be above 0, got 0',
  ],
  [
    { type: 'steps', steps: [{ rate: -1, duration: 1 }] },
    'arrivals.steps[0].rate must be at least 0, got -1',
  ],
  [{ type: 'steps', steps: [{ rate: 0, duration: 1 }] }, 'arrivals.steps must have a rate above 0'],
  [
    { type: 'steps', steps: [{ rate: 1, duration: 1 }], rhythm: 'waltz' },
    'arrivals.rhythm must be one of poisson, paced, got waltz',
  ],
  [{ type: 'ramp', from: -1, to: 1, duration: 1 }, 'arrivals.from must be at least 0, got -1'],
  [{ type: 'ramp', from: 1, to: NaN, duration: 1 }, 'arrivals.to must be at least 0, got NaN'],
  [{ type: 'ramp', from: 1, to: 1, duration: 0 }, 'arrivals.duration must be above 0, got 0'],
  [
    { type: 'ramp', from: 0, to: 0, duration: 1 },
    'arrivals.to must be above 0 if arrivals.from is 0',
  ],
  [{ type: 'diurnal', mean: 0, swing: 0, period: 1 }, 'arrivals.mean must be above 0, got 0'],
  [
    { type: 'diurnal', mean: 1, swing: 1.1, period: 1 },
    'arrivals.swing must be from 0 to 1, got 1.1',
  ],
  [{ type: 'diurnal', mean: 1, swing: 0, period: 0 }, 'arrivals.period must be above 0, got 0'],
  [{ type: 'trace' }, 'arrivals.times must be a list of numbers'],
  [
    { type: 'closed', users: 0, think: { type: 'constant', value: 0 } },
    'arrivals.users must be a whole number from 1 to 1000000, got 0',
  ],
  [
    { type: 'closed', users: 1, think: { type: 'exponential', mean: 0 } },
    'arrivals.think.mean must be above 0, got 0',
  ],
  [{ type: 'closed', users: 1 }, 'arrivals.think must be a distribution, got undefined'],
])('%o: %s', (spec, message) => {
  expect(() => checkArrivals(spec as OpenArrivalSpec)).toThrow(new RangeError(message))
})

test('closed users are a spec', () => {
  checkArrivals({ type: 'closed', users: 1, think: { type: 'exponential', mean: 1 } })
})
