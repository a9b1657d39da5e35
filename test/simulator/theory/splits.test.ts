import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mg1Time } from '../../../simulator/theory/m-g-1.ts'
import { mm1Quantile, mm1Time } from '../../../simulator/theory/m-m-1.ts'
import {
  optimalShares,
  proportionalShares,
  splitTime,
} from '../../../simulator/theory/random-split.ts'
import {
  roundRobinQuantile,
  roundRobinSigma,
  roundRobinTime,
} from '../../../simulator/theory/round-robin.ts'
import { like, rows } from './printed.ts'

describe('a random split', () => {
  const SPEEDS = [2, 2, 1, 1]

  test('of 4 over 2, 2, 1, 1 takes 2 in proportion to speed, 1.91421 at best', () => {
    expect(splitTime(4, SPEEDS, proportionalShares(SPEEDS))).toBeCloseTo(2, 12)
    const best = optimalShares(4, SPEEDS)
    expect(best.map((share) => like('.3536', share))).toEqual(['.3536', '.3536', '.1464', '.1464'])
    expect(like('1.91421', splitTime(4, SPEEDS, best))).toBe('1.91421')
  })

  test('in equal parts is more than the slow ones can do', () => {
    expect(() => splitTime(4, SPEEDS, [0.25, 0.25, 0.25, 0.25])).toThrow(
      'speeds[2] must be above its part of the rate, 1, got 1: there is no steady state',
    )
  })

  test('of equal servers is M/G/1 at each', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0.01, max: 0.95, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (n, rho, scv) => {
          const speeds = Array.from({ length: n }, () => 1)
          const time = splitTime(n * rho, speeds, proportionalShares(speeds), scv)
          expect(time).toBeCloseTo(mg1Time(rho, scv), 8)
        },
      ),
    )
  })

  const pool = fc.record({
    speeds: fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 6 }),
    rho: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  })

  test('in proportion to speed is n / (sum mu - L)', () => {
    fc.assert(
      fc.property(pool, ({ speeds, rho }) => {
        const total = speeds.reduce((sum, speed) => sum + speed, 0)
        const time = splitTime(rho * total, speeds, proportionalShares(speeds))
        expect(time * (total - rho * total)).toBeCloseTo(speeds.length, 8)
      }),
    )
  })

  test('at best cannot be bettered by moving a little from any server to any other', () => {
    fc.assert(
      fc.property(pool, ({ speeds, rho }) => {
        const rate = rho * speeds.reduce((sum, speed) => sum + speed, 0)
        const best = optimalShares(rate, speeds)
        expect(best.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
        const time = splitTime(rate, speeds, best)
        expect(time).toBeLessThanOrEqual(splitTime(rate, speeds, proportionalShares(speeds)) + 1e-9)
        for (let from = 0; from < speeds.length; from++) {
          for (let to = 0; to < speeds.length; to++) {
            const moved = Math.min(best[from], 1e-4)
            if (from === to || moved === 0) continue
            const other = best.slice()
            other[from] -= moved
            other[to] += moved
            if (other[to] * rate >= speeds[to]) continue
            expect(splitTime(rate, speeds, other)).toBeGreaterThan(time - 1e-9)
          }
        }
      }),
    )
  })

  test('at best leaves out whom it does not need', () => {
    expect(optimalShares(0.5, [0.1, 4, 1])).toEqual([0, 1, 0])
    expect(() => optimalShares(6, SPEEDS)).toThrow('rate must be below the sum of speeds, 6, got 6')
  })

  test('names what is wrong', () => {
    expect(() => splitTime(1, [1, 2], [1])).toThrow('shares must be as many as speeds, 2, got 1')
    expect(() => splitTime(1, [2, 2], [0.5, 0.4])).toThrow('shares must add up to 1, got 0.9')
    expect(() => splitTime(1, [2, 0], [0.5, 0.5])).toThrow('speeds[1] must be above 0, got 0')
  })
})

describe('round robin', () => {
  const LOADS = [0.5, 0.7, 0.8, 0.9, 0.95]
  test.each(
    rows(`
      1   | 2       | 3.33333 | 5       | 10      | 20
      2   | 1.61803 | 2.60062 | 3.84398 | 7.58828 | 15.08573
      3   | 1.49373 | 2.35773 | 3.45942 | 6.78472 | 13.44780
      4   | 1.43252 | 2.23669 | 3.26738 | 6.38305 | 12.62888
      5   | 1.39620 | 2.16424 | 3.15226 | 6.14209 | 12.13755
      10  | 1.32464 | 2.01980 | 2.92227 | 5.66028 | 11.15495
      20  | 1.28954 | 1.94787 | 2.80744 | 5.41944 | 10.66368
      100 | 1.26186 | 1.89048 | 2.71566 | 5.22681 | 10.27068
      Infinity | 1.25500 | 1.87616 | 2.69273 | 5.17866 | 10.17243`),
  )('over %s servers gives the row of the table', (n, ...row) => {
    expect(row.map((cell, i) => like(cell, roundRobinTime(Number(n), LOADS[i])))).toEqual(row)
  })

  test('over two at rho 0.5 is the golden ratio', () => {
    expect(roundRobinTime(2, 0.5)).toBeCloseTo((1 + Math.sqrt(5)) / 2, 13)
  })

  test('over one is M/M/1; more servers are better, none beats even spacing', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.integer({ min: 2, max: 500 }),
        (rho, n) => {
          expect(roundRobinTime(1, rho) / mm1Time(rho)).toBeCloseTo(1, 9)
          const time = roundRobinTime(n, rho)
          expect(time).toBeLessThanOrEqual(roundRobinTime(n - 1, rho))
          expect(time).toBeGreaterThanOrEqual(roundRobinTime(Infinity, rho) * (1 - 1e-12))
          const sigma = roundRobinSigma(n, rho)
          if (rho > 0) expect(((n * rho) / (n * rho + 1 - sigma)) ** n).toBeCloseTo(sigma, 10)
        },
      ),
    )
    expect(roundRobinQuantile(1, 0.8, 0.99)).toBeCloseTo(mm1Quantile(0.8, 0.99), 9)
  })

  test('has no steady state at rho 1', () => {
    expect(() => roundRobinTime(3, 1)).toThrow('rho must be below 1, got 1')
    expect(() => roundRobinTime(0, 0.5)).toThrow(
      'servers must be a whole number of at least 1, got 0',
    )
  })
})
