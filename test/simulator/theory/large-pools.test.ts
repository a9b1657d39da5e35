import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { jiqOccupied, jiqTime } from '../../../simulator/theory/join-idle-queue.ts'
import { solve } from '../../../simulator/theory/linear.ts'
import { mm1Time } from '../../../simulator/theory/m-m-1.ts'
import { SUPERMARKET } from '../../../simulator/theory/published.ts'
import {
  supermarketCorrection,
  supermarketFiniteInHand,
  supermarketFiniteTime,
} from '../../../simulator/theory/supermarket-finite.ts'
import {
  supermarketInHand,
  supermarketTail,
  supermarketTime,
} from '../../../simulator/theory/supermarket.ts'
import { like, rows } from './printed.ts'

const load = fc.double({ min: 0.01, max: 0.98, noNaN: true })
const choices = fc.integer({ min: 2, max: 6 })

describe('the supermarket model', () => {
  test.each(
    rows(`
      .5  | 2      | 1.265686 | 1.125244 | 1.0625 | 1.031250
      .6  | 2.5    | 1.407440 | 1.218177 | 1.1296 | 1.077760
      .7  | 3.3333 | 1.614454 | 1.356842 | 1.2409 | 1.168093
      .8  | 5      | 1.947363 | 1.580886 | 1.4211 | 1.328918
      .9  | 10     | 2.614057 | 2.027856 | 1.7778 | 1.632881
      .95 | 20     | 3.383046 | 2.535133 | 2.1864 | 1.988772
      .99 | 100    | 5.431997 | 3.857847 | 3.2412 | 2.901683`),
  )('at rho %s takes what the table says for one to five choices', (rho, ...row) => {
    expect(row.map((cell, i) => like(cell, supermarketTime(Number(rho), i + 1)))).toEqual(row)
  })

  test.each(
    rows(`
      .7  | .7000 | .343   | .08235 | .00475
      .9  | .9000 | .729   | .47830 | .20589 | .03815
      .95 | .9500 | .85737 | .69834 | .46329 | .20391`),
  )('at rho %s with two choices so many servers have at least 1, 2, … in hand', (rho, ...row) => {
    expect(row.map((cell, i) => like(cell, supermarketTail(Number(rho), 2, i + 1)))).toEqual(row)
  })

  test('is where what comes equals what goes: s(k) = rho s(k - 1)^d', () => {
    fc.assert(
      fc.property(load, choices, fc.integer({ min: 1, max: 8 }), (rho, d, k) => {
        expect(supermarketTail(rho, d, 0)).toBe(1)
        expect(supermarketTail(rho, d, k)).toBeCloseTo(
          rho * supermarketTail(rho, d, k - 1) ** d,
          12,
        )
      }),
    )
  })

  test('is M/M/1 with one choice, and more choices are better', () => {
    fc.assert(
      fc.property(load, choices, (rho, d) => {
        expect(supermarketTime(rho, 1)).toBeCloseTo(mm1Time(rho), 9)
        expect(supermarketTime(rho, d)).toBeLessThanOrEqual(supermarketTime(rho, d - 1))
        expect(supermarketTime(rho, d)).toBeGreaterThanOrEqual(1)
      }),
    )
  })

  test('has no steady state at rho 1', () => {
    expect(() => supermarketTime(1, 2)).toThrow('rho must be below 1, got 1')
    expect(() => supermarketTime(0.5, 0)).toThrow('choices must be a whole number of at least 1')
  })
})

describe('the supermarket model with finitely many servers', () => {
  test.each([
    [0.7, '1.1301'],
    [0.9, '2.3527'],
  ])('at rho %d comes close to the published values', (rho, limit) => {
    expect(like(limit, supermarketInHand(rho, 2))).toBe(limit)
    const [ten, hundred] = SUPERMARKET.filter((each) => each.rho === rho)
    // What is left after 1/n is of order 1/n^2: among a hundred servers a hundredth of what it is among ten.
    const atTen = ten.inHand - supermarketFiniteInHand(ten)
    const atHundred = hundred.inHand - supermarketFiniteInHand(hundred)
    expect(atTen / ten.inHand).toBeGreaterThan(0)
    expect(atTen / ten.inHand).toBeLessThan(0.02)
    expect(Math.abs(atHundred - atTen / 100)).toBeLessThan(2e-4)
  })

  // The chain itself, jump by jump. Over 3,000,000 jumps the mean has a standard deviation of about 0.003; the two ways to draw are
  // 0.023 apart.
  test.each([true, false])(
    'agrees with a simulation of twenty servers, replacement %s',
    (replacement) => {
      const rng = new Rng(9)
      const [servers, rho, jumps] = [20, 0.7, 3_000_000]
      const inHand = new Int32Array(servers)
      let [total, area] = [0, 0]
      for (let i = 0; i < jumps; i++) {
        if (rng.float() * (1 + rho) < rho) {
          const a = rng.int(servers)
          const other = rng.int(replacement ? servers : servers - 1)
          const b = !replacement && other >= a ? other + 1 : other
          inHand[inHand[b] < inHand[a] ? b : a]++
          total++
        } else {
          const server = rng.int(servers)
          if (inHand[server] > 0) {
            inHand[server]--
            total--
          }
        }
        area += total
      }
      const expected = supermarketFiniteInHand({ servers, rho, choices: 2, replacement })
      expect(Math.abs(area / jumps / servers - expected)).toBeLessThan(0.012)
    },
  )

  test('drawing the same server twice is a waste, and more so with few servers', () => {
    fc.assert(
      fc.property(load, choices, (rho, d) => {
        const distinct = supermarketCorrection({ rho, choices: d })
        const repeated = supermarketCorrection({ rho, choices: d, replacement: true })
        expect(distinct).toBeLessThan(repeated)
        expect(distinct).toBeGreaterThan(-1e-9)
      }),
    )
  })

  // Two servers, both drawn: join the shortest queue. As rho falls every request finds an idle server, and takes 1.
  test('with one choice needs no correction, without load neither', () => {
    expect(supermarketCorrection({ rho: 0.8, choices: 1 })).toBe(0)
    expect(supermarketFiniteTime({ rho: 0.8, choices: 1, servers: 7 })).toBeCloseTo(5, 12)
    expect(supermarketFiniteTime({ rho: 0, choices: 2, servers: 7 })).toBe(1)
    expect(supermarketFiniteTime({ rho: 0.001, choices: 2, servers: 2 })).toBeCloseTo(1, 5)
  })

  test('cannot draw more servers than there are', () => {
    expect(() => supermarketFiniteInHand({ rho: 0.5, choices: 3, servers: 2 })).toThrow(
      'servers must be a whole number of at least 3, got 2',
    )
  })
})

test('equations are solved, whatever their order', () => {
  expect([...solve(Float64Array.of(0, 2, 4, 0), Float64Array.of(6, 8))]).toEqual([2, 3])
  const cell = fc.integer({ min: -9, max: 9 })
  fc.assert(
    fc.property(
      fc.array(cell, { minLength: 9, maxLength: 9 }),
      fc.array(cell, { minLength: 3, maxLength: 3 }),
      (off, x) => {
        const matrix = Float64Array.from(off, (each, i) => (i % 4 === 0 ? each + 40 : each))
        const right = Float64Array.from(x, (_, row) =>
          x.reduce((sum, each, k) => sum + matrix[row * 3 + k] * each, 0),
        )
        solve(matrix, right).forEach((each, i) => expect(each).toBeCloseTo(x[i], 10))
      },
    ),
  )
  expect(() => solve(new Float64Array(4), new Float64Array(2))).toThrow('no single solution')
})

describe('join idle queue', () => {
  test.each(
    rows(`
      .5  | 1.0909 | 1.00661
      .7  | 1.2121 | 1.04319
      .8  | 1.3636 | 1.12100
      .9  | 1.8182 | 1.44349
      .95 | 2.7273 | 2.21641
      .99 | 10.000 | 9.25596`),
  )(
    'with ten servers a dispatcher at rho %s takes %s, or %s with two lists',
    (rho, random, two) => {
      expect(like(random, jiqTime(Number(rho), 10))).toBe(random)
      expect(like(two, jiqTime(Number(rho), 10, 2))).toBe(two)
    },
  )

  test.each([
    [0.5, '40'],
    [0.7, '14'],
    [0.8, '7.8'],
    [0.9, '3.6'],
    [0.95, '2.0'],
    [0.99, '0.5'],
  ])('at rho %d two choices wait %s times as long as it does', (rho, ratio) => {
    const overhead = (supermarketTime(rho, 2) - 1) / (jiqTime(rho, 10, 2) - 1)
    expect(like(ratio, overhead)).toBe(ratio)
  })

  test('fulfils its equation, and is better with more servers a dispatcher', () => {
    fc.assert(
      fc.property(load, fc.double({ min: 0.5, max: 50, noNaN: true }), choices, (rho, ratio, d) => {
        const p = jiqOccupied(rho, ratio, d)
        let sum = 0
        for (let i = 1; i < 60; i++) sum += p ** ((d ** i - 1) / (d - 1))
        if (p < 0.999) expect(sum / (ratio * (1 - rho))).toBeCloseTo(1, 6)
        expect(jiqTime(rho, ratio * 2, d)).toBeLessThanOrEqual(jiqTime(rho, ratio, d))
        expect(jiqTime(rho, ratio, d)).toBeLessThanOrEqual(jiqTime(rho, ratio, 1) + 1e-12)
      }),
    )
    expect(jiqTime(0.9, Infinity)).toBe(1)
    expect(() => jiqTime(1, 10)).toThrow('rho must be below 1, got 1')
    expect(() => jiqTime(0.5, 0)).toThrow('ratio must be above 0, got 0')
  })
})
