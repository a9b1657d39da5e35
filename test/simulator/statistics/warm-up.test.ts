import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { batchInterval, batchMeans, lag1 } from '../../../simulator/statistics/batch-means.ts'
import { trendChance, warmUp } from '../../../simulator/statistics/warm-up.ts'

/** What requests take at one server, first come first served (Lindley), exponential, starting with `wait` of work in hand. */
function queue(rho: number, length: number, seed: number, wait = 0): Float64Array {
  const rng = new Rng(seed)
  return Float64Array.from({ length }, () => {
    const time = wait - Math.log1p(-rng.float())
    wait = Math.max(0, time + Math.log1p(-rng.float()) / rho)
    return time
  })
}

describe('warmUp', () => {
  test('cuts what is far off at the beginning, and little more', () => {
    const rng = new Rng(5)
    const values = Float64Array.from({ length: 2000 }, (_, i) => (i < 300 ? 10 : 0) + rng.float())
    const { cut, state } = warmUp(values)
    expect(state).toBe('steady')
    expect(cut).toBeGreaterThanOrEqual(300)
    expect(cut).toBeLessThan(400)
  })

  test('cuts nothing where there is nothing to cut', () => {
    expect(warmUp(new Float64Array(500).fill(3))).toEqual({ cut: 0, state: 'steady', trend: 1 })
  })

  test('finds the cut of the definition', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 100, maxLength: 200 }),
        (values) => {
          const skipped = values.length % 5
          const means: number[] = []
          for (let i = skipped; i < values.length; i += 5) {
            means.push(values.slice(i, i + 5).reduce((sum, each) => sum + each, 0) / 5)
          }
          let best = 0
          let least = Infinity
          for (let d = 0; means.length - d >= means.length / 4; d++) {
            const rest = means.slice(d)
            const mean = rest.reduce((sum, each) => sum + each, 0) / rest.length
            const error = rest.reduce((sum, each) => sum + (each - mean) ** 2, 0) / rest.length ** 2
            if (error < least - 1e-12) [least, best] = [error, d]
          }
          expect(warmUp(values).cut).toBe(best === 0 ? 0 : skipped + 5 * best)
        },
      ),
    )
  })

  test('a queue that began far too long settles, and the mean after the cut is right', () => {
    const values = queue(0.5, 20_000, 6, 200)
    const { cut, state } = warmUp(values)
    expect(state).toBe('steady')
    expect(cut).toBeGreaterThan(150) // 200 of work fall by 0.5 a service: 400 services, 200 arrivals.
    const { low, high } = batchInterval(values, 20, cut, 0.9999)
    expect(low).toBeLessThan(2)
    expect(high).toBeGreaterThan(2)
  })

  test('an overloaded queue drifts, whatever the dice', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(warmUp(queue(1.2, 10_000, seed)).state, `seed ${seed}`).toBe('drifting')
    }
  })

  // Measured over 300 runs of 100,000 requests: drifting in none at rho 0.5, one at 0.8 and one at 0.9.
  test('a stable queue does not, if the run is long enough', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(warmUp(queue(0.5, 10_000, seed)).state, `seed ${seed}`).toBe('steady')
    }
  })

  test('drift without an end is seen by the trend', () => {
    const rng = new Rng(7)
    const values = Float64Array.from({ length: 1000 }, (_, i) => i / 2000 + 5 * rng.float())
    expect(warmUp(values).cut).toBeLessThan(500)
    const rising = Float64Array.from({ length: 1000 }, (_, i) => i / 500 + 5 * rng.float())
    expect(warmUp(rising).state).toBe('drifting')
  })

  test('says nothing of a few values, and refuses what is none', () => {
    expect(warmUp(new Float64Array(99)).state).toBe('too short')
    expect(() => warmUp([1, Infinity])).toThrow('values[1] must be a finite number, got Infinity')
  })
})

describe('trendChance', () => {
  test('is the share of all orders that rise or fall so much, or more', () => {
    // Of 5! orders one rises and one falls throughout: 2/120 exactly; the normal approximation says 0.027.
    expect(trendChance([1, 2, 3, 4, 5])).toBeCloseTo(0.0275, 3)
    expect(trendChance([5, 4, 3, 2, 1])).toBe(trendChance([1, 2, 3, 4, 5]))
    expect(trendChance([1, 1, 1, 1])).toBe(1)
  })
})

describe('batch means', () => {
  test('leave out what does not fill a batch, at the beginning', () => {
    expect([...batchMeans([99, 1, 3, 5, 7], 2)]).toEqual([2, 6])
    expect([...batchMeans([99, 1, 3, 5, 7], 2, 3)]).toEqual([5, 7])
    expect(() => batchMeans([1, 2], 3)).toThrow('3 batches need as many values, got 2')
  })

  test('of a steady queue give an interval that plain values would make far too narrow', () => {
    const values = queue(0.8, 200_000, 8)
    const { low, high, half } = batchInterval(values, 20, 1000, 0.9999)
    expect(low).toBeLessThan(5)
    expect(high).toBeGreaterThan(5)
    expect(half).toBeGreaterThan(10 * (5 / Math.sqrt(values.length)))
    expect(lag1(values)).toBeGreaterThan(0.9)
    expect(Math.abs(lag1(batchMeans(values)))).toBeLessThan(0.7) // Three deviations of 1 / sqrt(20).
  })

  test('lag 1 is -1 for what alternates, nearly 1 for what grows, 0 for what is the same', () => {
    expect(lag1(Array.from({ length: 100 }, (_, i) => i % 2))).toBeCloseTo(-0.99, 12)
    expect(lag1(Array.from({ length: 100 }, (_, i) => i))).toBeGreaterThan(0.9)
    expect(lag1([2, 2, 2])).toBe(0)
  })
})
