import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { GRAIN, Rng } from '../../../proxy/core/rng.ts'
import { Edf } from '../../../proxy/strategies/edf.ts'
import { part, ScriptedRng } from '../../support/scripted-rng.ts'
import { floats, picks, Pool, tally } from './pool.ts'

const FULL = { phase: 'full' } as const
const RANDOM = { phase: 'random' } as const

const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 12 })
/** From 0 (never) to 1, as the dice give them: heavy at both ends, where the bounds are. */
const phase = fc.oneof(
  fc.integer({ min: 1, max: GRAIN }).map((grains) => grains / GRAIN),
  fc.constantFrom(1 / GRAIN, 1),
)

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function ids(servers: readonly Endpoint[]): string {
  return servers.map((server) => server.id).join('')
}

/** Dice that make the first waits these parts of 1/weight. */
function phases(...parts: number[]): ScriptedRng {
  return new ScriptedRng(...parts.map((each) => part(1 - each)))
}

interface Extremes {
  /** The server's share of all picks, by weight. */
  share: number
  /** How many picks it was ahead of its due at most, and behind. */
  ahead: number
  behind: number
}

/** Picks so many times, and says how far each server ever was from its due. */
function extremes(strategy: Edf, servers: readonly Endpoint[], count: number): Extremes[] {
  const total = sum(servers.map((server) => server.weight))
  const counts = servers.map(() => 0)
  const all = servers.map(({ weight }) => ({ share: weight / total, ahead: 0, behind: 0 }))
  for (let t = 1; t <= count; t++) {
    counts[servers.indexOf(strategy.pick())]++
    all.forEach((each, i) => {
      each.ahead = Math.max(each.ahead, counts[i] - t * each.share)
      each.behind = Math.max(each.behind, t * each.share - counts[i])
    })
  }
  return all
}

describe('with first waits in full', () => {
  test('equal weights are round robin in list order', () => {
    expect(ids(picks(new Pool([3, 3, 3, 3]).use(Edf, new ScriptedRng(), FULL), 12))).toBe(
      'abcdabcdabcd',
    )
  })

  test('who has the earlier deadline comes first, and of equals who has waited longer', () => {
    // a at 1/4, 2/4, 3/4, 1; b at 1/2 and 1; c at 1. At 1/2 b has waited longer than a; at 1 c, then b, then a.
    expect(ids(picks(new Pool([4, 2, 1]).use(Edf, new ScriptedRng(), FULL), 7))).toBe('abaacba')
  })

  test('nobody is ever a whole pick behind, nor more than (n-1) shares ahead', () => {
    fc.assert(
      fc.property(weights, (weights) => {
        const pool = new Pool(weights)
        const strategy = pool.use(Edf, new ScriptedRng(), FULL)
        const all = extremes(strategy, pool.servers, 2 * sum(weights))
        for (const { share, ahead, behind } of all) {
          expect(behind).toBeLessThan(1)
          expect(ahead).toBeLessThanOrEqual((weights.length - 1) * share + 1e-9)
        }
      }),
    )
  })

  test('a server really can be many picks ahead: "never more than one" would be false', () => {
    const pool = new Pool([40, ...Array.from({ length: 20 }, () => 1)])
    const strategy = pool.use(Edf, new ScriptedRng(), FULL)
    const [heavy] = extremes(strategy, pool.servers, 60)
    expect(heavy.ahead).toBeCloseTo(13, 0) // (n - 1) shares are 13.3.
  })

  test('after a period everybody has had exactly its due', () => {
    // Powers of two, whose parts of 1 are exact: sums of thirds would move a tie to the next period.
    const powers = fc.array(fc.constantFrom(1, 2, 4, 8, 16, 32), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(powers, fc.integer({ min: 1, max: 3 }), (weights, periods) => {
        const pool = new Pool(weights)
        const strategy = pool.use(Edf, new ScriptedRng(), FULL)
        const counts = tally(pool.servers, picks(strategy, periods * sum(weights)))
        expect(counts).toEqual(weights.map((weight) => weight * periods))
      }),
    )
  })
})

describe('with random first waits', () => {
  test('equal weights are round robin in the order of the first waits', () => {
    const rng = phases(0.5, 0.9, 0.1, 0.3)
    expect(ids(picks(new Pool([7, 7, 7, 7]).use(Edf, rng, RANDOM), 8))).toBe('cdabcdab')
    expect(rng.left).toBe(0)
  })

  test('the wait is a part of 1/weight, from above nothing to all of it', () => {
    const pool = new Pool([4, 4])
    const strategy = pool.use(Edf, new ScriptedRng(0, 0xffffffff), RANDOM)
    expect([...floats(strategy, 'deadline').subarray(0, 2)]).toEqual([1 / 4, 1 / 4 / GRAIN])
  })

  test('with first waits u, of sum U, nobody leaves [-(u + (n-1-U)·s), 1 - u + (U-1)·s]', () => {
    const servers = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), phase), {
      minLength: 2,
      maxLength: 12,
    })
    fc.assert(
      fc.property(servers, (servers) => {
        const [weights, waits] = [servers.map(([weight]) => weight), servers.map(([, u]) => u)]
        const n = weights.length
        const all = sum(waits)
        const pool = new Pool(weights)
        const strategy = pool.use(Edf, phases(...waits), RANDOM)
        const each = extremes(strategy, pool.servers, 2 * sum(weights))
        each.forEach(({ share, ahead, behind }, i) => {
          expect(ahead).toBeLessThanOrEqual(1 - waits[i] + (all - 1) * share + 1e-6)
          expect(behind).toBeLessThanOrEqual(waits[i] + (n - 1 - all) * share + 1e-6)
        })
      }),
    )
  })

  test('so whatever the dice show, everybody is less than 1 + (n-2) shares away from its due', () => {
    fc.assert(
      fc.property(weights, fc.nat(), (weights, seed) => {
        const pool = new Pool(weights)
        const strategy = pool.use(Edf, new Rng(seed), RANDOM)
        const all = extremes(strategy, pool.servers, 2 * sum(weights))
        for (const { share, ahead, behind } of all) {
          expect(Math.max(ahead, behind)).toBeLessThan(1 + (weights.length - 2) * share)
        }
      }),
    )
  })

  test('and both bounds are met: by one that waits in full while the others hardly do, and the reverse', () => {
    const heavy = [40, ...Array.from({ length: 20 }, () => 1)]
    const bound = 1 + 19 * (40 / 60)
    const first = (itsWait: number, others: number): Extremes => {
      const pool = new Pool(heavy)
      const waits = heavy.map((_, i) => (i === 0 ? itsWait : others))
      return extremes(pool.use(Edf, phases(...waits), RANDOM), pool.servers, 60)[0]
    }
    expect(first(1, 1e-6).behind).toBeGreaterThan(bound - 0.5)
    expect(first(1e-6, 1).ahead).toBeGreaterThan(bound - 0.5)
  })
})
