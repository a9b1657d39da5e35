import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finiteQueue } from '../../../simulator/theory/finite-queue.ts'
import { mg1Time, mg1Wait, sharingInHand, sharingTime } from '../../../simulator/theory/m-g-1.ts'
import { infiniteInHand } from '../../../simulator/theory/m-g-infinity.ts'
import { mm1Above, mm1InHand, mm1Quantile, mm1Time } from '../../../simulator/theory/m-m-1.ts'
import { like, rows } from './printed.ts'

const load = fc.double({ min: 0, max: 0.99, noNaN: true })

describe('M/M/1', () => {
  test.each([
    [0.5, '3.466'],
    [0.9, '11.513'],
    [0.99, '23.026'],
    [0.999, '34.539'],
  ])('at rho 0.8, %d of all take at most %s', (p, expected) => {
    expect(like(expected, mm1Quantile(0.8, p))).toBe(expected)
  })

  test('its figures hang together: Little, and quantiles undo tails', () => {
    fc.assert(
      fc.property(load, fc.double({ min: 0.01, max: 0.9999, noNaN: true }), (rho, p) => {
        expect(mm1InHand(rho)).toBeCloseTo(rho * mm1Time(rho), 9)
        expect(mm1Above(rho, mm1Quantile(rho, p))).toBeCloseTo(1 - p, 12)
      }),
    )
  })

  test('from rho 1 on there is no steady state, and it says so', () => {
    expect(() => mm1Time(1)).toThrow(
      new RangeError('rho must be below 1, got 1: from 1 on there is no steady state'),
    )
    expect(() => mm1Quantile(1.2, 0.5)).toThrow('rho must be below 1, got 1.2')
    expect(() => mm1Time(-0.1)).toThrow(new RangeError('rho must be at least 0, got -0.1'))
    expect(() => mm1Time(NaN)).toThrow('rho must be at least 0, got NaN')
  })
})

describe('M/G/1', () => {
  const LOADS = [0.5, 0.7, 0.8, 0.9]
  test.each(
    rows(`
      0    | 1.5   | 2.1667 | 3   | 5.5
      .25  | 1.625 | 2.4583 | 3.5 | 6.625
      1    | 2     | 3.3333 | 5   | 10
      4    | 3.5   | 6.8333 | 11  | 23.5
      10   | 6.5   | 13.833 | 23  | 50.5`),
  )('scv %s gives the row of the table', (scv, ...row) => {
    expect(row.map((cell, i) => like(cell, mg1Time(LOADS[i], Number(scv))))).toEqual(row)
  })

  test('is M/M/1 for exponential work, and waits half as long for constant work', () => {
    fc.assert(
      fc.property(load, (rho) => {
        expect(mg1Time(rho, 1)).toBeCloseTo(mm1Time(rho), 9)
        expect(mg1Wait(rho, 0)).toBeCloseTo(mg1Wait(rho, 1) / 2, 9)
      }),
    )
  })

  test('waits for ever for work of infinite variance, and for none without load', () => {
    expect(mg1Wait(0.5, Infinity)).toBe(Infinity)
    expect(mg1Wait(0, Infinity)).toBe(0)
    expect(() => mg1Wait(0.5, -1)).toThrow(new RangeError('scv must be at least 0, got -1'))
  })

  test('with processor sharing does as M/M/1 on average, in proportion to size, in hand geometric', () => {
    fc.assert(
      fc.property(load, fc.double({ min: 0, max: 50, noNaN: true }), (rho, size) => {
        expect(sharingTime(rho)).toBe(mm1Time(rho))
        expect(sharingTime(rho, size)).toBeCloseTo(size * sharingTime(rho), 6)
      }),
    )
    let mean = 0
    for (let k = 0; k < 500; k++) mean += k * sharingInHand(0.8, k)
    expect(mean).toBeCloseTo(mm1InHand(0.8), 9)
  })
})

test('M/G/inf has a Poisson number in hand: its mean is its variance', () => {
  for (const offered of [0, 0.3, 4, 80]) {
    const at = Array.from({ length: 300 }, (_, k) => infiniteInHand(offered, k))
    const mean = at.reduce((sum, p, k) => sum + k * p, 0)
    expect(at.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 10)
    expect(mean).toBeCloseTo(offered, 9)
    expect(at.reduce((sum, p, k) => sum + (k - mean) ** 2 * p, 0)).toBeCloseTo(offered, 8)
  }
})

describe('M/M/1/K', () => {
  test.each([
    [0.8, 5, '.088819', '2.56307'],
    [0.9, 10, '.050814', '4.64660'],
    [0.95, 20, '.027181', '8.82376'],
    [1.2, 10, '.192586', '6.92614'],
  ])('at rho %d with room for %d turns %s away, and takes %s', (rho, room, blocked, time) => {
    const found = finiteQueue(rho, 1, room)
    expect(like(blocked, found.blocked)).toBe(blocked)
    expect(like(time, found.time)).toBe(time)
  })

  test('is the closed form, gives Little, and carries what it does not turn away', () => {
    const rates = fc
      .double({ min: 0.01, max: 3, noNaN: true })
      .filter((r) => Math.abs(r - 1) > 0.01)
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 60 }), (rho, room) => {
        const found = finiteQueue(rho, 1, room)
        const closed = ((1 - rho) * rho ** room) / (1 - rho ** (room + 1))
        expect(found.blocked).toBeCloseTo(closed, 10)
        expect(found.throughput).toBeCloseTo(rho * (1 - found.blocked), 10)
        expect(found.inHand).toBeCloseTo(found.throughput * found.time, 8)
      }),
    )
  })

  test('with much room is M/M/1, and survives any overload', () => {
    expect(finiteQueue(0.7, 1, 1000).time).toBeCloseTo(mm1Time(0.7), 9)
    expect(finiteQueue(50, 1, 2000).blocked).toBeCloseTo(0.98, 9)
    expect(finiteQueue(0, 1, 5)).toEqual({ blocked: 0, time: 1, inHand: 0, throughput: 0 })
    expect(() => finiteQueue(1, 4, 3)).toThrow(
      new RangeError('room must be a whole number of at least 4, got 3'),
    )
  })
})
