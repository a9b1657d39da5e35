import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { birthDeath } from '../../../simulator/theory/birth-death.ts'
import {
  erlangB,
  erlangC,
  firstShares,
  mmcTime,
  mmcWaitAbove,
  mmcWaitQuantile,
} from '../../../simulator/theory/erlang.ts'
import { finiteQueue } from '../../../simulator/theory/finite-queue.ts'
import { mm1Time } from '../../../simulator/theory/m-m-1.ts'
import { like, rows } from './printed.ts'

const workers = fc.integer({ min: 1, max: 60 })
const load = fc.double({ min: 0.01, max: 0.98, noNaN: true })

describe('M/M/c', () => {
  // To the digits shown these are exact: calculated with fractions.
  const LOADS = [0.5, 0.7, 0.8, 0.9, 0.95]
  test.each(
    rows(`
      2  | 1.33333 (.33333) | 1.96078 (.57647) | 2.77778 (.71111) | 5.26316 (.85263) | 10.25641 (.92564)
      4  | 1.08696 (.17391) | 1.35721 (.42865) | 1.74554 (.59643) | 2.96938 (.78775) | 5.45709 (.89142)
      5  | 1.05215 (.13037) | 1.25189 (.37784) | 1.55411 (.55411) | 2.52499 (.76249) | 4.51120 (.87780)
      8  | 1.01476 (.05904) | 1.11275 (.27060) | 1.28603 (.45764) | 1.87692 (.70153) | 3.11042 (.84417)
      10 | 1.00722 (.03611) | 1.07391 (.22173) | 1.20459 (.40918) | 1.66873 (.66873) | 2.65117 (.82559)
      20 | 1.00037 (.00373) | 1.01559 (.09356) | 1.06402 (.25608) | 1.27538 (.55077) | 1.75540 (.75540)`),
  )('%s workers give the row of the table', (c, ...row) => {
    const found = row.map((cell, i) => {
      const rho = LOADS[i >> 1]
      return like(cell, i % 2 === 0 ? mmcTime(Number(c), rho) : erlangC(Number(c), rho))
    })
    expect(found).toEqual(row)
  })

  test('a hundred workers hardly let anybody wait', () => {
    expect(LOADS.map((rho) => mmcTime(100, rho).toFixed(5))).toEqual([
      '1.00000',
      '1.00002',
      '1.00098',
      '1.02169',
      '1.10129',
    ])
    expect(LOADS.slice(1).map((rho) => like('.00000', erlangC(100, rho)))).toEqual([
      '.00046',
      '.01965',
      '.21694',
      '.50646',
    ])
  })

  test('at ten workers and rho 0.8, .055377 wait longer than one service', () => {
    expect(like('.055377', mmcWaitAbove(10, 0.8, 1))).toBe('.055377')
  })

  test('with one worker is M/M/1', () => {
    fc.assert(
      fc.property(load, (rho) => {
        expect(mmcTime(1, rho)).toBeCloseTo(mm1Time(rho), 9)
        expect(erlangC(1, rho)).toBeCloseTo(rho, 12)
      }),
    )
  })

  test('is the limit of a queue with much room', () => {
    for (const c of [1, 3, 10]) {
      expect(finiteQueue(c * 0.8, c, 500).time).toBeCloseTo(mmcTime(c, 0.8), 8)
    }
  })

  test('quantiles of the wait undo its tail, and are 0 for those who do not wait', () => {
    fc.assert(
      fc.property(workers, load, fc.double({ min: 0.01, max: 0.999, noNaN: true }), (c, rho, p) => {
        const wait = mmcWaitQuantile(c, rho, p)
        if (p <= 1 - erlangC(c, rho)) expect(wait).toBe(0)
        else expect(mmcWaitAbove(c, rho, wait)).toBeCloseTo(1 - p, 10)
      }),
    )
  })

  test('has no steady state at rho 1, and needs a whole number of workers', () => {
    expect(() => mmcTime(4, 1)).toThrow('rho must be below 1, got 1: from 1 on there is no steady')
    expect(() => erlangC(0, 0.5)).toThrow('workers must be a whole number of at least 1, got 0')
    expect(() => mmcTime(1.5, 0.5)).toThrow('workers must be a whole number of at least 1, got 1.5')
  })
})

describe('Erlang B', () => {
  const LOADS = [0.5, 0.7, 0.8, 0.9]
  test.each(
    rows(`
      4  | .0952 | .1837 | .2281 | .2707
      10 | .0184 | .0787 | .1217 | .1680
      20 | .0019 | .0300 | .0644 | .1092`),
  )('%s workers give the row of the table', (c, ...row) => {
    expect(row.map((cell, i) => like(cell, erlangB(Number(c), Number(c) * LOADS[i])))).toEqual(row)
  })

  test('is the definition, (a^c / c!) over the sum up to c, and a queue without room to wait', () => {
    fc.assert(
      fc.property(workers, fc.double({ min: 0.01, max: 80, noNaN: true }), (c, offered) => {
        let sum = 1
        let term = 1
        for (let k = 1; k <= c; k++) sum += term *= offered / k
        expect(erlangB(c, offered)).toBeCloseTo(term / sum, 11)
        expect(finiteQueue(offered, c, c).blocked).toBeCloseTo(term / sum, 11)
      }),
    )
  })

  test('does not lose itself among thousands of workers', () => {
    // Jagerman's approximation for a = c: B is about 1 / (sqrt(pi c / 2) + 2/3).
    expect(erlangB(10_000, 10_000) * (Math.sqrt((Math.PI * 10_000) / 2) + 2 / 3)).toBeCloseTo(1, 3)
    expect(erlangB(0, 3)).toBe(1)
    expect(erlangB(3, 0)).toBe(0)
  })
})

describe('first', () => {
  test('the shares and what is turned away are all there is, and fall from server to server', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        (servers, slots, offered) => {
          const shares = firstShares(servers, slots, offered)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
          expect(shares[servers]).toBeCloseTo(erlangB(servers * slots, offered), 12)
          for (let i = 1; i < servers; i++)
            expect(shares[i]).toBeLessThanOrEqual(shares[i - 1] + 1e-12)
        },
      ),
    )
  })

  // A case that can be solved by hand: two servers of one slot, one Erlang. The first is an M/M/1/1 and carries 1/2; both turn 1/5 away.
  test('of two servers with one slot at one Erlang the first carries 1/2, the second 3/10', () => {
    const shares = [...firstShares(2, 1, 1)]
    expect(shares[0]).toBeCloseTo(0.5, 14)
    expect(shares[1]).toBeCloseTo(0.3, 14)
    expect(shares[2]).toBeCloseTo(0.2, 14)
  })
})

describe('birth and death', () => {
  test('as many go up as come down', () => {
    const rate = fc.double({ min: 0.01, max: 100, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(rate, rate), { maxLength: 30 }), (pairs) => {
        const births = pairs.map(([up]) => up)
        const deaths = pairs.map(([, down]) => down)
        const states = birthDeath(births, deaths)
        expect(states.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
        births.forEach((up, k) => {
          expect(states[k] * up).toBeCloseTo(states[k + 1] * deaths[k], 10)
        })
      }),
    )
  })

  test('names what is wrong', () => {
    expect(() => birthDeath([1], [0])).toThrow(new RangeError('deaths[0] must be above 0, got 0'))
    expect(() => birthDeath([1, -1], [1, 1])).toThrow('births[1] must be at least 0, got -1')
    expect(() => birthDeath([1], [])).toThrow('births and deaths must be equally many, got 1 and 0')
  })
})
