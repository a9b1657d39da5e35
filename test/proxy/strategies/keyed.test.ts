import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { Strategy } from '../../../proxy/core/strategy.ts'
import { resolveStrategy, type StrategySpec } from '../../../proxy/strategies/index.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { Pool } from './pool.ts'

/** All that follow keys, and what they promise beyond that. */
const KEYED: readonly { name: string; spec: StrategySpec; monotone?: true; scales?: true }[] = [
  { name: 'ring_hash', spec: 'ring_hash', monotone: true },
  { name: 'maglev', spec: { name: 'maglev', size: 1009 }, scales: true },
  { name: 'rendezvous', spec: 'rendezvous', monotone: true, scales: true },
  // Without load nobody is full, and a bound moves nothing.
  { name: 'bounded_load', spec: 'bounded_load', monotone: true },
  {
    name: 'bounded_load over rendezvous',
    spec: { name: 'bounded_load', over: 'rendezvous' },
    monotone: true,
    scales: true,
  },
]

const rng = new Rng(5)
const KEYS = Array.from({ length: 300 }, () => rng.next())

type Fleet = Readonly<Record<string, number>>

function strategyOf(spec: StrategySpec): Strategy {
  const found = resolveStrategy(spec)
  if ('problems' in found) throw new Error(found.problems[0].rule)
  return found.factory.create(new Pool([]).context())
}

function serversOf(fleet: Fleet): Endpoint[] {
  return Object.entries(fleet).map(([id, weight], slot) => {
    const server = new Endpoint(id, { weight })
    server.slot = slot
    return server
  })
}

/** The id of the server of each key. */
function mapping(strategy: Strategy, servers: readonly Endpoint[]): string[] {
  strategy.update(servers)
  return KEYS.map((key) => strategy.pick(key, 0).id)
}

const weight = fc.constantFrom(0.25, 0.5, 1, 2, 3, 7)
const fleets = fc.dictionary(fc.stringMatching(/^[a-c]{1,4}$/), weight, { minKeys: 3, maxKeys: 8 })

for (const { name, spec, monotone, scales } of KEYED) {
  describe(name, () => {
    test('gives a key to the same server again, on another proxy too, whatever order it discovered them in', () => {
      fc.assert(
        fc.property(fleets, fc.nat(), (fleet, seed) => {
          const strategy = strategyOf(spec)
          const before = mapping(strategy, serversOf(fleet))
          const dice = new Rng(seed)
          const place = new Map(Object.keys(fleet).map((id) => [id, dice.next()]))
          const shuffled = serversOf(fleet).sort((a, b) => place.get(a.id)! - place.get(b.id)!)
          expect(mapping(strategyOf(spec), shuffled)).toEqual(before)
          expect(mapping(strategy, shuffled)).toEqual(before)
        }),
      )
    })

    test('gives every key back after somebody was away', () => {
      fc.assert(
        fc.property(fleets, (fleet) => {
          const strategy = strategyOf(spec)
          const servers = serversOf(fleet)
          const before = mapping(strategy, servers)
          mapping(strategy, servers.slice(1))
          expect(mapping(strategy, servers)).toEqual(before)
        }),
      )
    })

    if (monotone)
      test('moves the keys of who leaves, and no others; so for who comes', () => {
        fc.assert(
          fc.property(fleets, (fleet) => {
            const strategy = strategyOf(spec)
            const [gone, ...others] = serversOf(fleet)
            const without = mapping(strategyOf(spec), others)
            const before = mapping(strategy, [gone, ...others])
            const after = mapping(strategy, others)
            before.forEach((id, i) => {
              if (id !== gone.id) expect(after[i]).toBe(id)
            })
            // Who comes takes what it would give back: the same maps, the other way round.
            expect(after).toEqual(without)
          }),
        )
      })

    if (monotone)
      test('moves keys only to who gets heavier, and from who gets lighter', () => {
        fc.assert(
          fc.property(fleets, fc.constantFrom(1.01, 1.5, 4), (fleet, factor) => {
            const strategy = strategyOf(spec)
            const [changed] = Object.keys(fleet)
            const light = mapping(strategy, serversOf(fleet))
            const raised = { ...fleet, [changed]: fleet[changed] * factor }
            const heavy = mapping(strategy, serversOf(raised))
            heavy.forEach((id, i) => {
              if (id !== changed) expect(light[i]).toBe(id)
            })
            expect(mapping(strategy, serversOf(fleet))).toEqual(light)
          }),
        )
      })

    if (scales)
      test('does not care for the scale of weights', () => {
        fc.assert(
          fc.property(fleets, fc.constantFrom(0.125, 2, 1024), (fleet, factor) => {
            const scaled = Object.fromEntries(
              Object.entries(fleet).map(([id, weight]) => [id, weight * factor]),
            )
            expect(mapping(strategyOf(spec), serversOf(scaled))).toEqual(
              mapping(strategyOf(spec), serversOf(fleet)),
            )
          }),
        )
      })

    test('knows nothing but the key: the attempt and what was picked before make no difference', () => {
      const strategy = strategyOf(spec)
      const servers = serversOf({ a: 1, b: 2, c: 1, d: 0.5 })
      const before = mapping(strategy, servers)
      const again = KEYS.map((key, i) => strategy.pick(key, i % 3).id).toReversed()
      expect(again.toReversed()).toEqual(before)
    })

    test('spreads keys that count up as well as any (64,000 of them, one false alarm in a million)', () => {
      const strategy = strategyOf(spec)
      const servers = serversOf({ a: 1, b: 1, c: 1, d: 1 })
      strategy.update(servers)
      const blocks = Array.from({ length: 64 }, (_, block) => block * 1000)
      const count = (start: number, step: number): number => {
        let own = 0
        for (let i = 0; i < 1000; i++) if (strategy.pick(start + i * step, 0).id === 'a') own++
        return own
      }
      // Not that everybody gets a quarter, which depends on the ring; but that a's part is the same in every stretch of keys.
      const near = blocks.map((block) => count(block, 1))
      const far = blocks.map((block) => count(block, 0x10000))
      const total = [...near, ...far].reduce((sum, each) => sum + each)
      expect(total / 128_000).toBeGreaterThan(0.15)
      const rest = [...near, ...far].map((each) => 1000 - each)
      const counts = [...near, ...far, ...rest]
      const due = counts.map((_, i) => (i < 128 ? total : 128_000 - total))
      // A table of 128 rows and 2 columns with fixed sums of rows: 127 degrees of freedom.
      expect(chiSquare(counts, due)).toBeLessThan(chiSquareLimit(128))
    })
  })
}
