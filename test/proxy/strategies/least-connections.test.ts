import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { LeastConnections } from '../../../proxy/strategies/least-connections.ts'
import { SmoothWeighted } from '../../../proxy/strategies/smooth-weighted.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { part, ScriptedRng } from '../../support/scripted-rng.ts'
import { floats, picks, Pool, tally } from './pool.ts'

const RANDOM = { ties: 'random' } as const
const FIRST = { ties: 'first' } as const
const TURN = { ties: 'turn' } as const

const servers = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 20 }), load: fc.nat(30) }), {
  minLength: 2,
  maxLength: 12,
})

function ids(servers: readonly { id: string }[]): string {
  return servers.map((server) => server.id).join('')
}

for (const options of [RANDOM, FIRST, TURN]) {
  test(`nobody is less busy for its weight than the one that is picked (ties: ${options.ties})`, () => {
    fc.assert(
      fc.property(servers, fc.nat(), (servers, seed) => {
        const weights = servers.map((server) => server.weight)
        const pool = new Pool(weights)
        const strategy = pool.use(LeastConnections, new Rng(seed), options)
        strategy.pick() // Of an idle pool: that leaves nothing behind.
        pool.load(...servers.map((server) => server.load))
        for (const picked of picks(strategy, 3)) {
          for (const { inflight, weight } of pool.servers) {
            expect(picked.inflight * weight).toBeLessThanOrEqual(inflight * picked.weight)
          }
        }
      }),
    )
  })
}

test('weights that are no whole numbers hide nobody: rounding costs no more than the last few bits', () => {
  const fractional = fc.record({ tenths: fc.integer({ min: 1, max: 30 }), load: fc.nat(40) })
  fc.assert(
    fc.property(
      fc.array(fractional, { minLength: 2, maxLength: 12 }),
      fc.constantFrom(0.1, 0.7, 1 / 3, 1e-3, 12345.678),
      (servers, unit) => {
        const weights = servers.map(({ tenths }) => tenths * unit)
        const loads = servers.map(({ load }) => load)
        const pool = new Pool(weights, loads)
        const picked = pool.use(LeastConnections, new Rng(1), FIRST).pick()
        const least = Math.min(...servers.map(({ tenths, load }) => load / tenths))
        const { tenths, load } = servers[picked.slot]
        expect(load / tenths).toBeCloseTo(least, 12)
      },
    ),
  )
})

test('an idle server comes first, whatever the weights', () => {
  const strategy = new Pool([100, 1], [1, 0]).use(LeastConnections, new ScriptedRng(), RANDOM)
  expect(strategy.pick().id).toBe('b')
})

test('while requests only arrive, equal servers never differ by more than one', () => {
  const pool = new Pool(Array.from({ length: 7 }, () => 1))
  const strategy = pool.use(LeastConnections, new Rng(1), RANDOM)
  const loads = pool.servers.map(() => 0)
  for (let t = 0; t < 200; t++) {
    loads[strategy.pick().slot]++
    pool.load(...loads)
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
  }
})

describe('a tie', () => {
  test('costs one random number, and no tie none', () => {
    const rng = new ScriptedRng(part(0.9))
    const strategy = new Pool([1, 1, 1, 1], [2, 1, 1, 1]).use(LeastConnections, rng, RANDOM)
    expect(strategy.pick().id).toBe('d')
    expect(rng.left).toBe(0)
    new Pool([1, 1, 1], [2, 1, 3]).use(LeastConnections, new ScriptedRng(), RANDOM).pick()
  })

  test('is drawn in proportion to weight: the exact thresholds', () => {
    // Weights 3, 2, 5 of 10, and one in between that is busier: up to 3/10 a, up to 5/10 c, then d.
    const pick = (point: number): string => {
      const rng = new ScriptedRng(part(point))
      return new Pool([3, 4, 2, 5], [3, 5, 2, 5]).use(LeastConnections, rng, RANDOM).pick().id
    }
    const grain = 2 ** -30
    expect([pick(0), pick(0.3 - grain), pick(0.3 + grain)]).toEqual(['a', 'a', 'c'])
    expect([pick(0.5 - grain), pick(0.5), pick(1 - grain)]).toEqual(['c', 'd', 'd'])
  })

  test('between busy servers is drawn in proportion to weight too (seed 5, one false alarm in a million)', () => {
    const pool = new Pool([1, 2, 4, 1], [3, 6, 12, 4]) // The last is busier for its weight.
    const counts = tally(pool.servers, picks(pool.use(LeastConnections, new Rng(5), RANDOM), 7000))
    expect(counts[3]).toBe(0)
    expect(chiSquare(counts.slice(0, 3), [1, 2, 4])).toBeLessThan(chiSquareLimit(3))
  })

  test('in an idle pool does not always go to the same server', () => {
    const pool = new Pool([1, 1, 1, 1])
    const counts = tally(pool.servers, picks(pool.use(LeastConnections, new Rng(5), RANDOM), 4000))
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(4))
  })
})

describe('where servers were idle at the last look', () => {
  /** A strategy whose last look found idle servers, and what it picks if the next dice show these points. */
  function next(loads: readonly number[], ...points: number[]): { picked: string; left: number } {
    const pool = new Pool([3, 2, 5])
    const rng = new ScriptedRng(part(0), ...points.map((point) => part(point)))
    const strategy = pool.use(LeastConnections, rng, RANDOM)
    strategy.pick()
    pool.load(...loads)
    return { picked: strategy.pick().id, left: rng.left }
  }

  test('a server is drawn from all by weight, and taken if it is idle', () => {
    expect(next([0, 7, 7], 0.29)).toEqual({ picked: 'a', left: 0 })
    expect(next([7, 0, 0], 0.31)).toEqual({ picked: 'b', left: 0 })
    expect(next([7, 0, 0], 0.51)).toEqual({ picked: 'c', left: 0 })
  })

  test('after three draws of busy ones it looks at everybody', () => {
    expect(next([1, 0, 0], 0.1, 0.2, 0.4)).toEqual({ picked: 'b', left: 0 })
    expect(next([1, 0, 0], 0.1, 0.2, 0.1, 0.28)).toEqual({ picked: 'b', left: 0 })
    expect(next([1, 0, 0], 0.1, 0.2, 0.1, 0.29)).toEqual({ picked: 'c', left: 0 })
  })

  test('if nobody is idle any more it stops drawing', () => {
    const pool = new Pool([1, 1, 1])
    const rng = new ScriptedRng(part(0), part(0), part(0), part(0))
    const strategy = pool.use(LeastConnections, rng, RANDOM)
    strategy.pick()
    pool.load(2, 1, 2)
    expect(ids(picks(strategy, 5))).toBe('bbbbb')
    expect(rng.left).toBe(0)
  })

  test('the idle ones still share by weight (seed 6, one false alarm in a million)', () => {
    const pool = new Pool([1, 2, 4, 8, 1], [0, 0, 0, 1, 9])
    const counts = tally(
      pool.servers,
      picks(pool.use(LeastConnections, new Rng(6), RANDOM), 14_000),
    )
    expect(counts.slice(3)).toEqual([0, 0])
    expect(chiSquare(counts.slice(0, 3), [1, 2, 4])).toBeLessThan(chiSquareLimit(3))
  })
})

test('a tie can go to the first of the list: an idle pool gives it everything, as in LVS', () => {
  const pool = new Pool([1, 5, 5, 1], [3, 0, 0, 0])
  expect(ids(picks(pool.use(LeastConnections, new ScriptedRng(), FIRST), 5))).toBe('bbbbb')
})

describe('a tie in turn', () => {
  test('of all is smooth weighted round robin', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 8 }),
        (weights) => {
          const strategy = new Pool(weights).use(LeastConnections, new ScriptedRng(), TURN)
          const smooth = new Pool(weights).use(SmoothWeighted)
          expect(ids(picks(strategy, 60))).toBe(ids(picks(smooth, 60)))
        },
      ),
    )
  })

  test('is among the tied only: the others earn no credit, and credits add up to 0', () => {
    fc.assert(
      fc.property(servers, fc.nat(20), (servers, count) => {
        const pool = new Pool(
          servers.map(({ weight }) => weight),
          servers.map(({ load }) => load),
        )
        const strategy = pool.use(LeastConnections, new ScriptedRng(), TURN)
        picks(strategy, count)
        const least = Math.min(...servers.map(({ weight, load }) => load / weight))
        const credit = floats(strategy, 'credit')
        servers.forEach(({ weight, load }, i) => {
          if (load / weight > least) expect(credit[i]).toBe(0)
        })
        expect(credit.reduce((total, each) => total + each)).toBe(0)
      }),
    )
  })

  test('turns with weights 5, 1, 1, whoever else is there', () => {
    const pool = new Pool([2, 5, 1, 1], [1, 0, 0, 0])
    expect(ids(picks(pool.use(LeastConnections, new ScriptedRng(), TURN), 7))).toBe('bbcbdbb')
  })
})
