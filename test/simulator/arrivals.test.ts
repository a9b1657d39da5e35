import { describe, expect, test } from 'vitest'
import { Rng } from '../../proxy/core/rng.ts'
import { type ArrivalSpec, createArrivals } from '../../simulator/arrivals.ts'

function times(spec: ArrivalSpec, count: number, seed = 1): number[] {
  const arrivals = createArrivals(spec, new Rng(seed))
  return Array.from({ length: count }, () => arrivals.next())
}

describe('arrivals', () => {
  test('paced ones keep time without drift, from the first beat on', () => {
    const beats = times({ type: 'paced', rate: 3 }, 3_000_001)
    expect(beats.slice(0, 4)).toEqual([0, 1000 / 3, 2000 / 3, 1000])
    expect(beats[3_000_000]).toBe(1_000_000_000)
  })

  test('Poisson ones have their rate, and gaps whose deviation equals their mean', () => {
    const all = times({ type: 'poisson', rate: 100 }, 100_000)
    const gaps = all.map((time, i) => time - (i === 0 ? 0 : all[i - 1]))
    const mean = all[all.length - 1] / all.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    expect(mean).toBeCloseTo(10, 0)
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1)
    expect(gaps.every((gap) => gap >= 0)).toBe(true)
  })

  test('Poisson ones are repeated by their seed', () => {
    const spec: ArrivalSpec = { type: 'poisson', rate: 100 }
    expect(times(spec, 100, 5)).toEqual(times(spec, 100, 5))
    expect(times(spec, 100, 5)).not.toEqual(times(spec, 100, 6))
  })

  test('a trace is divided by the speed exactly, keeps its ties, and ends', () => {
    const spec: ArrivalSpec = { type: 'trace', times: [0, 0, 1000, 46_321_000], speed: 600 }
    expect(times(spec, 6)).toEqual([0, 0, 1000 / 600, 46_321_000 / 600, Infinity, Infinity])
    expect(times({ type: 'trace', times: [3, 4] }, 3)).toEqual([3, 4, Infinity])
    expect(times({ type: 'trace', times: [] }, 1)).toEqual([Infinity])
  })

  test('a trace that steps back is never due before the request before', () => {
    const spec: ArrivalSpec = { type: 'trace', times: [0, 50, 20, -10, 60], speed: 2 }
    expect(times(spec, 5)).toEqual([0, 25, 25, 25, 30])
  })

  test.each<[ArrivalSpec, string]>([
    [{ type: 'poisson', rate: 0 }, 'arrivals.rate must be above 0, got 0'],
    [{ type: 'paced', rate: -5 }, 'arrivals.rate must be above 0, got -5'],
    [{ type: 'paced', rate: Infinity }, 'arrivals.rate must be above 0, got Infinity'],
    [{ type: 'trace', times: [], speed: 0 }, 'arrivals.speed must be above 0, got 0'],
    [
      { type: 'closed', users: 3, think: { type: 'constant', value: 1 } },
      'arrivals.type must not be closed here: its requests wait for answers',
    ],
    [
      { type: 'tides' } as unknown as ArrivalSpec,
      'arrivals.type must be one of poisson, paced, bursts, steps, ramp, diurnal, trace, closed, got tides',
    ],
  ])('%o is refused: %s', (spec, message) => {
    expect(() => createArrivals(spec, new Rng(1))).toThrow(new RangeError(message))
  })
})
