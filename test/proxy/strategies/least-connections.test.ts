import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { LeastConnections } from '../../../proxy/strategies/least-connections.ts'
import { chiSquare, chiSquareLimit } from '../core/chi-square.ts'
import { part, ScriptedRng } from '../../support/scripted-rng.ts'
import { picks, Pool, tally } from './pool.ts'

const servers = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 20 }), load: fc.nat(30) }), {
  minLength: 2,
  maxLength: 12,
})

test('nobody is less busy for its weight than the one that is picked', () => {
  fc.assert(
    fc.property(servers, fc.nat(), (servers, seed) => {
      const weights = servers.map((server) => server.weight)
      const pool = new Pool(
        weights,
        servers.map((server) => server.load),
      )
      const picked = pool.use(LeastConnections, new Rng(seed)).pick()
      for (const server of pool.servers) {
        expect(picked.inflight * server.weight).toBeLessThanOrEqual(server.inflight * picked.weight)
      }
    }),
  )
})

test('an idle server comes first, whatever the weights', () => {
  const strategy = new Pool([100, 1], [1, 0]).use(LeastConnections, new ScriptedRng())
  expect(strategy.pick().id).toBe('b')
})

test('while requests only arrive, equal servers never differ by more than one', () => {
  const pool = new Pool(Array.from({ length: 7 }, () => 1))
  const strategy = pool.use(LeastConnections)
  const loads = pool.servers.map(() => 0)
  for (let t = 0; t < 200; t++) {
    loads[strategy.pick().slot]++
    pool.load(...loads)
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
  }
})

describe('a tie', () => {
  test('costs a random number for each server that joins it, and none without', () => {
    const rng = new ScriptedRng(part(0.9))
    const strategy = new Pool([1, 1, 1], [2, 1, 1]).use(LeastConnections, rng)
    expect(strategy.pick().id).toBe('b') // 0.9 is above c's half: b stays.
    expect(rng.left).toBe(0)
    new Pool([1, 1, 1], [2, 1, 3]).use(LeastConnections, new ScriptedRng()).pick()
  })

  test('is drawn in proportion to weight: the exact thresholds', () => {
    // Weights 3, 2, 5: the second replaces the first below 2/5, the third whoever stands below 5/10.
    const pick = (first: number, second: number): string => {
      const rng = new ScriptedRng(part(first), part(second))
      return new Pool([3, 2, 5]).use(LeastConnections, rng).pick().id
    }
    const [below, above] = [-1e-9, 1e-9]
    expect(pick(0.4 + above, 0.5 + above)).toBe('a') // 3/5 × 1/2 = 3/10.
    expect(pick(0.4 + below, 0.5 + above)).toBe('b') // 2/5 × 1/2 = 2/10.
    expect(pick(0.4 + above, 0.5 + below)).toBe('c') // 1/2 = 5/10.
    expect(pick(0.4 + below, 0.5 + below)).toBe('c')
  })

  test('between busy servers is drawn in proportion to weight too (seed 5, one false alarm in a million)', () => {
    const pool = new Pool([1, 2, 4, 1], [3, 6, 12, 4]) // The last is busier for its weight.
    const counts = tally(pool.servers, picks(pool.use(LeastConnections, new Rng(5)), 7000))
    expect(counts[3]).toBe(0)
    expect(chiSquare(counts.slice(0, 3), [1, 2, 4])).toBeLessThan(chiSquareLimit(3))
  })

  test('in an idle pool does not always go to the same server', () => {
    const pool = new Pool([1, 1, 1, 1])
    const counts = tally(pool.servers, picks(pool.use(LeastConnections, new Rng(5)), 4000))
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(4))
  })
})
