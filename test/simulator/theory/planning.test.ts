import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runLength, warmUpLength } from '../../../simulator/theory/run-length.ts'
import { offeredWork, pooledLoad, splitLoads } from '../../../simulator/theory/steady-state.ts'
import { like, rows } from './printed.ts'

test.each(
  rows(`
    .5  | 3.7e4 | 2.3e5 | 9.2e5
    .8  | 1.7e5 | 1.1e6 | 4.3e6
    .9  | 6.5e5 | 4.1e6 | 1.6e7
    .95 | 2.5e6 | 1.6e7 | 6.3e7`),
)('at rho %s a half-width of 5, 2 or 1 % takes what the table says', (rho, ...row) => {
  const found = [0.05, 0.02, 0.01].map((relative) => runLength(Number(rho), relative))
  expect(found.map((value, i) => like(row[i], value))).toEqual(row)
})

test('half the width takes four times as long, and more confidence longer', () => {
  expect(runLength(0.7, 0.01) / runLength(0.7, 0.02)).toBeCloseTo(4, 9)
  expect(runLength(0.7, 0.01, 0.99) / runLength(0.7, 0.01)).toBeCloseTo(
    (2.575829 / 1.959964) ** 2,
    5,
  )
  expect(() => runLength(0, 0.01)).toThrow('rho must be above 0, got 0')
  expect(() => runLength(1, 0.01)).toThrow('rho must be below 1, got 1')
})

test('warming up takes 20 / (1 - sqrt(rho))^2', () => {
  expect(warmUpLength(0)).toBe(20)
  expect(warmUpLength(0.25)).toBe(80)
  expect(warmUpLength(0.9)).toBeCloseTo(7594.73, 1)
  expect(() => warmUpLength(1)).toThrow('rho must be below 1')
})

describe('how busy servers are', () => {
  test('work is rate times mean: 400 a second of 20 ms are 8 workers', () => {
    expect(offeredWork(400, 20)).toBe(8)
    expect(
      pooledLoad(8, [
        { workers: 4, speed: 2 },
        { workers: 8, speed: 1 },
      ]),
    ).toBe(0.5)
    expect(pooledLoad(8, [{ workers: Infinity, speed: 1 }])).toBe(0)
    expect(pooledLoad(8, [])).toBe(Infinity)
  })

  test('equal parts can be too much for some where together there is plenty', () => {
    const servers = [2, 2, 1, 1].map((speed) => ({ workers: 1, speed }))
    expect(pooledLoad(4, servers)).toBeCloseTo(2 / 3, 12)
    expect(splitLoads(4, servers, [1, 1, 1, 1])).toEqual([0.5, 0.5, 1, 1])
  })

  test('in proportion to what they can do, all are as busy as they are together', () => {
    const capacity = fc.record({
      workers: fc.integer({ min: 1, max: 16 }),
      speed: fc.double({ min: 0.1, max: 4, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(capacity, { minLength: 1, maxLength: 8 }), (servers) => {
        const shares = servers.map(({ workers, speed }) => workers * speed)
        const pooled = pooledLoad(3, servers)
        for (const load of splitLoads(3, servers, shares)) expect(load).toBeCloseTo(pooled, 9)
      }),
    )
  })

  test('it names what is wrong', () => {
    const servers = [{ workers: 0, speed: 1 }]
    expect(() => pooledLoad(1, servers)).toThrow('servers[0].workers must be above 0, got 0')
    expect(() => splitLoads(1, servers, [])).toThrow('shares must be as many as servers, 1, got 0')
    expect(() => splitLoads(1, [{ workers: 1, speed: 1 }], [0])).toThrow(
      'the sum of shares must be',
    )
    expect(() => offeredWork(-1, 5)).toThrow(new RangeError('rate must be at least 0, got -1'))
  })
})
