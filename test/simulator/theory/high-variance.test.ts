import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BoundedPareto,
  paretoMoment,
  paretoScv,
  paretoWithMean,
} from '../../../simulator/theory/bounded-pareto.ts'
import { mmcWait } from '../../../simulator/theory/erlang.ts'
import { mgcWait, roundRobinWait } from '../../../simulator/theory/high-variance.ts'
import { mg1Wait } from '../../../simulator/theory/m-g-1.ts'
import { roundRobinTime } from '../../../simulator/theory/round-robin.ts'
import { sizeIntervals } from '../../../simulator/theory/size-interval.ts'
import { like, rows } from './printed.ts'

const pareto = fc.record({
  min: fc.constantFrom(0.5, 1, 30),
  max: fc.constantFrom(100, 1e4, 1e7),
  shape: fc.double({ min: 0.5, max: 3, noNaN: true }),
})

describe('bounded Pareto', () => {
  test('from 1 to 10,000 with shape 1.5 has mean 2.970 and scv 32.67', () => {
    const work = { min: 1, max: 1e4, shape: 1.5 }
    expect(like('2.970', paretoMoment(work, 1))).toBe('2.970')
    expect(like('32.67', paretoScv(work))).toBe('32.67')
    expect(like('6.621', paretoMoment({ ...work, shape: 1.1 }, 1))).toBe('6.621')
    expect(like('110', paretoScv({ ...work, shape: 1.1 }))).toBe('110')
  })

  test('its moments are the integrals over its density, also where one has a logarithm', () => {
    const sum = ({ min, max, shape }: BoundedPareto, power: number): number => {
      const steps = 20_000
      const width = Math.log(max / min) / steps
      let total = 0
      for (let i = 0; i < steps; i++) {
        const x = min * Math.exp((i + 0.5) * width)
        total += x ** power * shape * min ** shape * x ** -shape * width
      }
      return total / (1 - (min / max) ** shape)
    }
    for (const shape of [0.7, 1, 1.5, 2]) {
      const work = { min: 2, max: 500, shape }
      for (const power of [0, 1, 2]) {
        expect(paretoMoment(work, power) / sum(work, power), `${shape} ${power}`).toBeCloseTo(1, 6)
      }
    }
  })

  test('its parts add up, and a mean can be asked for', () => {
    fc.assert(
      fc.property(pareto, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (work, at) => {
        const cut = work.min * (work.max / work.min) ** at
        expect(paretoMoment(work, 0)).toBeCloseTo(1, 10)
        for (const power of [0, 1, 2]) {
          const below = paretoMoment(work, power, work.min, cut)
          const above = paretoMoment(work, power, cut, work.max)
          expect((below + above) / paretoMoment(work, power)).toBeCloseTo(1, 9)
        }
        const same = paretoWithMean(paretoMoment(work, 1), work.max, work.shape)
        expect(same.min / work.min).toBeCloseTo(1, 8)
      }),
    )
  })

  test('names what is wrong', () => {
    expect(() => paretoMoment({ min: 2, max: 1, shape: 1 }, 1)).toThrow(
      'max must be above min (2), got 1',
    )
    expect(() => paretoMoment({ min: 1, max: 2, shape: 0 }, 1)).toThrow(
      'shape must be above 0, got 0',
    )
    expect(() => paretoWithMean(5, 5, 1)).toThrow('max must be above the mean (5), got 5')
  })
})

describe('two servers, mean 3000, up to 1e10, rho 0.8', () => {
  test.each(
    rows(`
      1.1 | 8.06e4 | 4.84e8 | 2.15e8 | 2.90e6
      1.3 | 1.03e4 | 6.15e7 | 2.74e7 | 6.30e6
      1.5 | 1.05e3 | 6.33e6 | 2.81e6 | 1.59e6
      1.9 | 15.4   | 9.82e4 | 4.36e4 | 4.77e4`),
  )('shape %s gives scv, random, least work and SITA-E of the table', (shape, ...row) => {
    const work = paretoWithMean(3000, 1e10, Number(shape))
    const scv = paretoScv(work)
    const found = [
      scv,
      3000 * mg1Wait(0.8, scv),
      3000 * mgcWait(2, 0.8, scv),
      sizeIntervals(work, 2, 0.8).wait,
    ]
    expect(found.map((value, i) => like(row[i], value))).toEqual(row)
  })
})

describe('from 1 to 10,000, rho 0.7', () => {
  test.each([
    { shape: 1.5, servers: 2, random: '116.67', least: '48.0', sita: '31.77' },
    { shape: 1.5, servers: 4, random: '116.67', least: '17.9', sita: '10.54' },
    { shape: 1.1, servers: 2, random: '857.2', least: '353', sita: '43.3' },
  ])('shape $shape on $servers servers', ({ shape, servers, random, least, sita }) => {
    const work = { min: 1, max: 1e4, shape }
    const mean = paretoMoment(work, 1)
    const scv = paretoScv(work)
    expect(like(random, mean * mg1Wait(0.7, scv))).toBe(random)
    expect(like(least, mean * mgcWait(servers, 0.7, scv))).toBe(least)
    expect(like(sita, sizeIntervals(work, servers, 0.7).wait)).toBe(sita)
  })

  test('SITA-E cuts at 3.9212 and gives 87.1 % of the jobs to the first of two', () => {
    const { cuts, shares } = sizeIntervals({ min: 1, max: 1e4, shape: 1.5 }, 2, 0.7)
    expect(like('3.9212', cuts[0])).toBe('3.9212')
    expect(like('87.1', 100 * shares[0])).toBe('87.1')
  })
})

test('SITA-E gives all servers the same work; on one server it is M/G/1', () => {
  fc.assert(
    fc.property(pareto, fc.integer({ min: 1, max: 8 }), (work, servers) => {
      const mean = paretoMoment(work, 1)
      const { cuts, shares, wait } = sizeIntervals(work, servers, 0.7)
      const edges = [work.min, ...cuts, work.max]
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
      for (let i = 0; i < servers; i++) {
        const part = paretoMoment(work, 1, edges[i], edges[i + 1])
        expect(part / mean).toBeCloseTo(1 / servers, 8)
      }
      if (servers === 1) expect(wait / (mean * mg1Wait(0.7, paretoScv(work)))).toBeCloseTo(1, 9)
    }),
  )
})

test('the approximations are exact where there is something exact', () => {
  const load = fc.double({ min: 0.01, max: 0.99, noNaN: true })
  fc.assert(
    fc.property(
      load,
      fc.double({ min: 0, max: 50, noNaN: true }),
      fc.integer({ min: 1, max: 20 }),
      (rho, scv, n) => {
        expect(mgcWait(1, rho, scv) / mg1Wait(rho, scv)).toBeCloseTo(1, 9)
        expect(mgcWait(n, rho, 1)).toBeCloseTo(mmcWait(n, rho), 9)
        expect(roundRobinWait(1, rho, 1)).toBeCloseTo(rho / (1 - rho), 8)
      },
    ),
  )
  expect(roundRobinWait(5, 0.999, 1) / (roundRobinTime(5, 0.999) - 1)).toBeCloseTo(1, 2)
})
