import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closedBound, closedSystem } from '../../../simulator/theory/closed-system.ts'
import { erlangB } from '../../../simulator/theory/erlang.ts'
import { like } from './printed.ts'

test.each([
  [5, 1, '.47509', '1.52428'],
  [10, 1, '.83204', '3.01870'],
  [20, 1, '.99938', '11.01235'],
  [50, 1, '1.00000', '41.000'],
  [20, 2, '1.75612', '2.38873'],
  [50, 4, '3.96285', '3.61719'],
])('%d users who think for 9 get %s-worker answers as in the table', (users, workers, x, r) => {
  const { throughput, time } = closedSystem(users, workers, 9)
  expect(like(x, throughput)).toBe(x)
  expect(like(r, time)).toBe(r)
})

const users = fc.integer({ min: 1, max: 80 })
const think = fc.double({ min: 0.1, max: 50, noNaN: true })

test('N = X (R + Z), and no bound is broken', () => {
  fc.assert(
    fc.property(users, fc.integer({ min: 1, max: 10 }), think, (n, c, z) => {
      const { throughput, time, utilization } = closedSystem(n, c, z)
      expect(throughput * (time + z)).toBeCloseTo(n, 8)
      expect(throughput).toBeLessThanOrEqual(closedBound(n, c, z) * (1 + 1e-12))
      expect(time).toBeGreaterThanOrEqual(Math.max(1, n / c - z) * (1 - 1e-9))
      expect(utilization).toBeCloseTo(throughput / c, 12)
    }),
  )
})

/**
 * Reiser, Lavenberg, "Mean-value analysis of closed multichain queuing networks", Journal of the ACM 27(2), 1980: who arrives sees the
 * system as it would be without him.
 */
test('with one worker it agrees with mean value analysis', () => {
  fc.assert(
    fc.property(users, think, (n, z) => {
      let inHand = 0
      let time = 1
      for (let k = 1; k <= n; k++) {
        time = 1 + inHand
        inHand = (k * time) / (time + z)
      }
      expect(closedSystem(n, 1, z).time).toBeCloseTo(time, 7)
    }),
  )
})

test('as many workers as users let nobody wait; no thinking keeps all workers busy', () => {
  expect(closedSystem(8, 8, 3).time).toBeCloseTo(1, 12)
  expect(closedSystem(8, 2, 0)).toEqual({ throughput: 2, time: 4, utilization: 1 })
  // Many users who think long are a Poisson stream, which is turned away by nobody here: the loss system's complement.
  expect(closedSystem(4000, 4000, 1999).throughput).toBeCloseTo(2, 9)
  expect(erlangB(4000, 2)).toBe(0)
})

test('it names what is wrong', () => {
  expect(() => closedSystem(0, 1, 9)).toThrow('users must be a whole number of at least 1, got 0')
  expect(() => closedSystem(5, 1, -1)).toThrow(new RangeError('think must be at least 0, got -1'))
})
