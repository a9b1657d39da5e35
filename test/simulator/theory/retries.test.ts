import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attempts,
  bistableRange,
  budgetedAttempts,
  layeredAttempts,
  retryLoads,
} from '../../../simulator/theory/retries.ts'
import { like } from './printed.ts'

test.each([
  [0.1, '1.111'],
  [0.5, '1.875'],
  [1, '4.000'],
])('three retries of what fails with probability %d are %s attempts', (failing, expected) => {
  expect(like(expected, attempts(failing, 3))).toBe(expected)
})

test('attempts are a geometric sum; layers multiply; a budget bounds', () => {
  const share = fc.double({ min: 0, max: 0.999, noNaN: true })
  fc.assert(
    fc.property(share, fc.integer({ min: 0, max: 20 }), share, (p, r, budget) => {
      expect(attempts(p, r)).toBeCloseTo((1 - p ** (r + 1)) / (1 - p), 9)
      expect(budgetedAttempts(p, r, budget)).toBeLessThanOrEqual(1 + budget)
      expect(budgetedAttempts(p, r, budget)).toBeLessThanOrEqual(attempts(p, r))
    }),
  )
  expect(layeredAttempts(3, 3)).toBe(64)
  expect(() => attempts(1.1, 3)).toThrow(new RangeError('failing must be from 0 to 1, got 1.1'))
})

describe('clients that retry', () => {
  const clients = fc.record({
    rate: fc.double({ min: 0.01, max: 2, noNaN: true }),
    timeout: fc.double({ min: 0.5, max: 30, noNaN: true }),
    retries: fc.integer({ min: 0, max: 6 }),
  })

  test('with a timeout of 10 and three retries can be stuck from .25 to .694', () => {
    const { low, high } = bistableRange(10, 3)
    expect([like('.25', low), like('.694', high)]).toEqual(['.25', '.694'])
  })

  test('at 0.6 have a good load, an edge and an overload of 2.4; at 0.2 a good one, at 0.8 only the bad', () => {
    const at = (rate: number): string[] =>
      retryLoads({ rate, timeout: 10, retries: 3 }).map(
        ({ load, stable }) => `${load.toFixed(3)} ${stable ? 'stays' : 'tips'}`,
      )
    expect(at(0.6)).toEqual(['0.613 stays', '0.891 tips', '2.400 stays'])
    expect(at(0.2)).toEqual(['0.200 stays'])
    expect(at(0.8)).toEqual(['3.200 stays'])
  })

  test('stay where as much comes as the equation says', () => {
    fc.assert(
      fc.property(clients, (each) => {
        for (const { load } of retryLoads(each)) {
          const q = load >= 1 ? 1 : Math.exp(-(1 - load) * each.timeout)
          expect(each.rate * attempts(q, each.retries)).toBeCloseTo(load, 7)
        }
      }),
    )
  })

  test('have two loads that stay just between the two rates of the range', () => {
    fc.assert(
      fc.property(clients, (each) => {
        const { low, high } = bistableRange(each.timeout, each.retries)
        fc.pre(Math.abs(each.rate - low) > 1e-6 && Math.abs(each.rate - high) > 1e-6)
        const loads = retryLoads(each)
        const both = each.rate > low && each.rate < high
        expect(loads.map(({ stable }) => stable)).toEqual(both ? [true, false, true] : [true])
        expect(loads[0].load < 1).toBe(each.rate < high)
        if (both) expect(loads[1].load).toBeGreaterThan(loads[0].load)
      }),
    )
  })

  test('without retries are an open queue', () => {
    expect(retryLoads({ rate: 0.6, timeout: 10, retries: 0 })).toHaveLength(1)
    expect(retryLoads({ rate: 0.6, timeout: 10, retries: 0 })[0].load).toBeCloseTo(0.6, 9)
    expect(bistableRange(10, 0)).toEqual({ low: 1, high: 1 })
    expect(() => retryLoads({ rate: 0, timeout: 1, retries: 1 })).toThrow(
      'rate must be above 0, got 0',
    )
  })
})
