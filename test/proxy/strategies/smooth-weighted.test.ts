import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Memory } from '../../../proxy/core/memory.ts'
import { RoundRobin } from '../../../proxy/strategies/round-robin.ts'
import { SmoothWeighted } from '../../../proxy/strategies/smooth-weighted.ts'
import { fraction, ScriptedRng } from '../../support/scripted-rng.ts'
import { floats, picks, Pool, tally } from './pool.ts'

/** Whole weights, so that credits are exact. */
const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 12 })

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}

/** 1 + 1/2 + … + 1/n. */
function harmonic(n: number): number {
  return sum(Array.from({ length: n }, (_, i) => 1 / (i + 1)))
}

function credits(strategy: SmoothWeighted): Float64Array {
  return floats(strategy, 'credit')
}

test('weights 5, 1, 1 give a a b a c a a, as in nginx’s commit', () => {
  const strategy = new Pool([5, 1, 1]).use(SmoothWeighted)
  expect(
    picks(strategy, 14)
      .map((server) => server.id)
      .join(''),
  ).toBe('aabacaaaabacaa')
})

test('equal weights are round robin in list order', () => {
  const weighted = new Pool([3, 3, 3, 3]).use(SmoothWeighted)
  const plain = new Pool([1, 1, 1, 1]).use(RoundRobin, new ScriptedRng(fraction(0)))
  const ids = (list: { id: string }[]): string => list.map((server) => server.id).join('')
  expect(ids(picks(weighted, 20))).toBe(ids(picks(plain, 20)))
})

describe('with fixed servers', () => {
  test('a credit is exactly how far a server is behind its due, and credits add up to 0', () => {
    fc.assert(
      fc.property(weights, fc.nat(200), (weights, count) => {
        const pool = new Pool(weights)
        const strategy = pool.use(SmoothWeighted)
        const counts = tally(pool.servers, picks(strategy, count))
        const total = sum(weights)
        const expected = weights.map((weight, i) => count * weight - total * counts[i])
        expect([...credits(strategy).subarray(0, weights.length)]).toEqual(expected)
        expect(sum(credits(strategy))).toBe(0)
      }),
    )
  })

  test('after a period every server has had exactly its due, and it begins again', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 6 }), (weights, factor) => {
        // With a common factor the period is that much shorter.
        const pool = new Pool(weights.map((weight) => weight * factor))
        const strategy = pool.use(SmoothWeighted)
        const first = picks(strategy, sum(weights))
        expect(tally(pool.servers, first)).toEqual(weights)
        expect(credits(strategy).every((credit) => credit === 0)).toBe(true)
        expect(picks(strategy, sum(weights))).toEqual(first)
      }),
    )
  })

  test('nobody is ever more than 1 - 1/n picks ahead or 1/2 + … + 1/n behind', () => {
    fc.assert(
      fc.property(weights, (weights) => {
        const n = weights.length
        const total = sum(weights)
        const pool = new Pool(weights)
        const strategy = pool.use(SmoothWeighted)
        const counts = weights.map(() => 0)
        for (let t = 1; t <= total; t++) {
          counts[pool.servers.indexOf(strategy.pick())]++
          for (let i = 0; i < n; i++) {
            const ahead = counts[i] - (t * weights[i]) / total
            expect(ahead).toBeLessThanOrEqual(1 - 1 / n + 1e-9)
            expect(ahead).toBeGreaterThanOrEqual(-(harmonic(n) - 1) - 1e-9)
            expect(counts[i]).toBeLessThanOrEqual(Math.ceil((t * weights[i]) / total - 1e-9))
          }
        }
      }),
    )
  })

  test('in any window of picks a server is at most H(n) - 1/n away from its due', () => {
    fc.assert(
      fc.property(weights, fc.nat(300), fc.nat(100), (weights, before, length) => {
        const n = weights.length
        const pool = new Pool(weights)
        const strategy = pool.use(SmoothWeighted)
        picks(strategy, before)
        tally(pool.servers, picks(strategy, length)).forEach((count, i) => {
          const off = Math.abs(count - (length * weights[i]) / sum(weights))
          expect(off).toBeLessThanOrEqual(harmonic(n) - 1 / n + 1e-9)
        })
      }),
    )
  })

  test('a server really can be more than one pick behind: "never less than the floor" would be false', () => {
    const weights = [30, 4, 1, 2, 4, 30] // Found by a search.
    const strategy = new Pool(weights).use(SmoothWeighted)
    let behind = 0
    for (let t = 0; t < sum(weights); t++) {
      strategy.pick()
      behind = Math.max(behind, ...credits(strategy).map((credit) => credit / sum(weights)))
    }
    expect(behind).toBeCloseTo(1.0986, 4)
  })

  test('scaling all weights changes nothing', () => {
    fc.assert(
      fc.property(weights, (weights) => {
        const plain = new Pool(weights).use(SmoothWeighted)
        const scaled = new Pool(weights.map((weight) => weight * 8)).use(SmoothWeighted)
        const ids = (strategy: SmoothWeighted): string[] => picks(strategy, 100).map(({ id }) => id)
        expect(ids(scaled)).toEqual(ids(plain))
      }),
    )
  })
})

describe('when weights change', () => {
  test('what was owed in heavier weights is not paid in lighter ones: turns go on as they were', () => {
    const pool = new Pool([10_000, 10_000])
    const strategy = pool.use(SmoothWeighted)
    strategy.pick()
    for (const server of pool.servers) server.weight = 1
    strategy.update(pool.servers)
    expect(picks(strategy, 4).map(({ id }) => id)).toEqual(['b', 'a', 'b', 'a'])
  })

  test('nobody is further from its new due than the bounds allow, however often they change', () => {
    const changes = fc.array(
      fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 4, maxLength: 4 }),
      {
        minLength: 1,
        maxLength: 8,
      },
    )
    fc.assert(
      fc.property(changes, fc.nat(50), (changes, count) => {
        const pool = new Pool([1, 2, 3, 4])
        const strategy = pool.use(SmoothWeighted)
        for (const weights of changes) {
          weights.forEach((weight, i) => (pool.servers[i].weight = weight))
          strategy.update(pool.servers)
          picks(strategy, count)
          const total = sum(weights)
          expect(sum(credits(strategy)) / total).toBeCloseTo(0, 9)
          for (const credit of credits(strategy)) {
            expect(credit / total).toBeLessThanOrEqual(harmonic(4) - 1 + 1e-9)
            expect(credit / total).toBeGreaterThanOrEqual(-(1 - 1 / 4) - 1e-9)
          }
        }
      }),
    )
  })
})

describe('when servers leave and return', () => {
  const steps = fc.array(fc.tuple(fc.nat(0xfff), fc.integer({ min: 1, max: 20 })), {
    maxLength: 20,
  })

  test('the credits of all, those away included, still add up to 0, and those away keep theirs', () => {
    fc.assert(
      fc.property(weights, steps, (weights, steps) => {
        const pool = new Pool(weights)
        const strategy = pool.use(SmoothWeighted)
        for (const [mask, count] of steps) {
          const present = pool.servers.filter((_, i) => mask & (1 << i))
          if (present.length < 2) continue
          const before = credits(strategy).slice()
          strategy.update(present)
          picks(strategy, count)
          expect(sum(credits(strategy))).toBe(0)
          for (const server of pool.servers) {
            if (present.includes(server)) continue
            expect(credits(strategy)[server.slot]).toBe(before[server.slot])
          }
        }
      }),
    )
  })

  test('a return is no burst: what a server missed while away is not made up for', () => {
    const pool = new Pool([1, 1, 1])
    const strategy = pool.use(SmoothWeighted)
    picks(strategy, 3)
    strategy.update(pool.servers.slice(0, 2))
    picks(strategy, 1000)
    strategy.update(pool.servers)
    expect(tally(pool.servers, picks(strategy, 30))).toEqual([10, 10, 10])
  })
})

test('credits change together, while nobody else may look: from before the first to after the last', () => {
  const pool = new Pool([5, 1, 1])
  const seen: string[] = []
  const memory = Object.create(pool.memory, {
    lock: { value: { enter: () => look('enter'), leave: () => look('leave') } },
  }) as Memory
  const strategy = new SmoothWeighted({ ...pool.context(), memory })
  const look = (what: string): void => {
    seen.push(`${what} ${credits(strategy).subarray(0, 3).join(' ')}`)
  }
  strategy.update(pool.servers)
  picks(strategy, 1)
  for (const server of pool.servers) server.weight *= 2
  strategy.update(pool.servers)
  const nothing = ['enter 0 0 0', 'leave 0 0 0']
  expect(seen).toEqual([...nothing, 'enter 0 0 0', 'leave -2 1 1', 'enter -2 1 1', 'leave -4 2 2'])
})
