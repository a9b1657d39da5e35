import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HashScores } from '../../../proxy/core/hash-scores.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { BoundedLoad, type BoundedLoadOptions } from '../../../proxy/strategies/bounded-load.ts'
import { findStrategy, resolveStrategy } from '../../../proxy/strategies/index.ts'
import { RingHash } from '../../../proxy/strategies/ring-hash.ts'
import { Rendezvous } from '../../../proxy/strategies/rendezvous.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { Pool, tally } from './pool.ts'

function use(pool: Pool, given: Partial<BoundedLoadOptions> = {}): BoundedLoad {
  const options: BoundedLoadOptions = { over: 'ring', factor: 1.25, cap: 'strict', ...given }
  return pool.use(BoundedLoad, new Rng(1), options)
}

/** The same without a bound. */
function unbounded(over: BoundedLoadOptions['over'], servers: readonly Endpoint[]) {
  const strategy =
    over === 'ring' ? new RingHash(new Pool([]).context(), { points: 160 }) : new Rendezvous()
  strategy.update(servers)
  return strategy
}

/** What the formula says: the most that each may have, with the request to come. */
function caps(pool: Pool, factor: number): number[] {
  const weights = pool.servers.map(({ weight }) => weight)
  const weight = weights.reduce((sum, each) => sum + each)
  const total = pool.servers.reduce((sum, { inflight }) => sum + inflight, 0)
  return weights.map((each) => Math.max(1, Math.ceil((factor * (total + 1) * each) / weight)))
}

const overs = fc.constantFrom('ring' as const, 'rendezvous' as const)
const factors = fc.constantFrom(1, 1.1, 1.25, 2, 10)
const keys = fc.nat(0xffffffff)
const fleets = fc.array(fc.tuple(fc.constantFrom(0.25, 1, 1.1, 2, 7), fc.nat(12)), {
  minLength: 2,
  maxLength: 8,
})

function poolOf(fleet: readonly (readonly [number, number])[]): Pool {
  return new Pool(
    fleet.map(([weight]) => weight),
    fleet.map(([, load]) => load),
  )
}

describe('whatever the load', () => {
  test('strict: with the new request nobody has more than its cap, and somebody always has room', () => {
    fc.assert(
      fc.property(fleets, overs, factors, keys, (fleet, over, factor, key) => {
        const pool = poolOf(fleet)
        const { slot } = use(pool, { over, factor }).pick(key)
        expect(pool.servers[slot].inflight + 1).toBeLessThanOrEqual(caps(pool, factor)[slot])
      }),
      { numRuns: 2000 },
    )
  })

  test('loose: a server at its cap gets one more, but none above it', () => {
    fc.assert(
      fc.property(fleets, overs, factors, keys, (fleet, over, factor, key) => {
        const pool = poolOf(fleet)
        const { slot } = use(pool, { over, factor, cap: 'loose' }).pick(key)
        expect(pool.servers[slot].inflight).toBeLessThanOrEqual(caps(pool, factor)[slot])
      }),
      { numRuns: 2000 },
    )
  })

  test('a key goes where it would go if those without room were not there', () => {
    const caps_ = fc.constantFrom('strict' as const, 'loose' as const)
    fc.assert(
      fc.property(fleets, overs, caps_, factors, keys, (fleet, over, cap, factor, key) => {
        const pool = poolOf(fleet)
        const most = caps(pool, factor)
        const slack = cap === 'strict' ? 1 : 0
        const open = pool.servers.filter(({ inflight, slot }) => inflight + slack <= most[slot])
        const picked = use(pool, { over, cap, factor }).pick(key)
        expect(picked).toBe(unbounded(over, open).pick(key))
        // In particular: home, if there is room at home.
        const home = unbounded(over, pool.servers).pick(key)
        if (open.includes(home)) expect(picked).toBe(home)
      }),
      { numRuns: 1000 },
    )
  })

  test('by rendezvous that is the first with room in the order of the scores', () => {
    fc.assert(
      fc.property(fleets, keys, (fleet, key) => {
        const pool = poolOf(fleet)
        const most = caps(pool, 1.25)
        // Walks: who is best, who is best without that one, and so on.
        let left = pool.servers
        for (;;) {
          const scores = new HashScores()
          scores.update(left)
          const next = scores.find(key)!
          if (next.inflight + 1 <= most[next.slot]) {
            expect(use(pool, { over: 'rendezvous' }).pick(key)).toBe(next)
            return
          }
          left = left.filter((each) => each !== next)
        }
      }),
    )
  })
})

describe('by example: two servers, c = 1.25', () => {
  /** Whether a key of the first server stays there with those loads. */
  function stays(loads: [number, number], cap: 'strict' | 'loose'): boolean {
    const pool = new Pool([1, 1], loads)
    const key = [...Array(100).keys()].find(
      (key) => unbounded('ring', pool.servers).pick(key) === pool.servers[0],
    )!
    return use(pool, { cap }).pick(key) === pool.servers[0]
  }

  test('idle: a cap of 1, and there is room', () => {
    expect(stays([0, 0], 'strict')).toBe(true)
  })

  test('1 and 0: ceil(1.25 · 2 / 2) = 2, so a second one is welcome', () => {
    expect(stays([1, 0], 'strict')).toBe(true)
  })

  test('2 and 0: ceil(1.25 · 3 / 2) = 2, so a third one is welcome to the loose alone', () => {
    expect(stays([2, 0], 'strict')).toBe(false)
    expect(stays([2, 0], 'loose')).toBe(true)
  })

  test('3 and 0: ceil(1.25 · 4 / 2) = 3, likewise; 6 and 0: ceil(1.25 · 7 / 2) = 5, to nobody', () => {
    expect(stays([3, 0], 'strict')).toBe(false)
    expect(stays([3, 0], 'loose')).toBe(true)
    expect(stays([6, 0], 'loose')).toBe(false)
  })
})

test('a hot key with 30 % of the requests takes no server above its cap, and c = 1 makes all equal', () => {
  const rng = new Rng(9)
  for (const factor of [1, 1.25, 2]) {
    for (const over of ['ring', 'rendezvous'] as const) {
      const pool = new Pool(Array.from({ length: 10 }, () => 1))
      const strategy = use(pool, { over, factor })
      for (let total = 0; total < 1000; total++) {
        const key = rng.int(10) < 3 ? 7 : rng.next()
        pool.inflights[strategy.pick(key).slot]++
      }
      const most = Math.max(...pool.servers.map(({ inflight }) => inflight))
      expect(most).toBeLessThanOrEqual(factor * 100)
      expect(most).toBeGreaterThanOrEqual(factor * 100 - 1) // The hot one fills what it may.
    }
  }
})

test('by rendezvous what a full server turns away spreads over all (20,000 keys, a false alarm in a million)', () => {
  const pool = new Pool([1, 1, 1, 1, 1, 1], [9, 0, 0, 0, 0, 0])
  const strategy = use(pool, { over: 'rendezvous' })
  const home = unbounded('rendezvous', pool.servers)
  const rng = new Rng(10)
  const turnedAway: Endpoint[] = []
  while (turnedAway.length < 20_000) {
    const key = rng.next()
    if (home.pick(key) === pool.servers[0]) turnedAway.push(strategy.pick(key))
  }
  const [own, ...others] = tally(pool.servers, turnedAway)
  expect(own).toBe(0)
  expect(chiSquare(others)).toBeLessThan(chiSquareLimit(5))
})

test('should nobody have room after all, because other threads were quicker, a key stays at home', () => {
  for (const over of ['ring', 'rendezvous'] as const) {
    const pool = new Pool([1, 1, 1], [5, 5, 5])
    const strategy = use(pool, { over })
    ;(strategy as unknown as { weight: number }).weight = 1e9 // As if there were many more to share with.
    for (let key = 0; key < 20; key++) {
      expect(strategy.pick(key)).toBe(unbounded(over, pool.servers).pick(key))
    }
  }
})

test('the options are as documented', () => {
  const { options } = findStrategy('bounded_load')!
  const fallbacks = Object.entries(options).map(([name, { fallback }]) => [name, fallback])
  expect(Object.fromEntries(fallbacks)).toEqual({ over: 'ring', factor: 1.25, cap: 'strict' })
  expect(
    resolveStrategy({ name: 'bounded_load', over: 'maglev', factor: 0.9, cap: 'hard' }),
  ).toMatchObject({
    problems: [
      { path: ['over'], rule: 'must be one of ring, rendezvous' },
      { path: ['factor'], rule: 'must be a number from 1 to 10' },
      { path: ['cap'], rule: 'must be one of strict, loose' },
    ],
  })
})
