import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreed, hashedSubset, ringSubset, shuffledSubset } from '../../../proxy/core/subsetting.ts'

const counts = fc.record({
  servers: fc.integer({ min: 1, max: 40 }),
  clients: fc.integer({ min: 1, max: 40 }),
  size: fc.integer({ min: 1, max: 15 }),
})

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `server-${i}`)
}

function members(subset: Float64Array): number[] {
  return [...subset.keys()].filter((i) => subset[i] > 0)
}

describe('the ring', () => {
  test('gives every server exactly as much as every other, and as few turns as cover the size', () => {
    fc.assert(
      fc.property(counts, ({ clients, servers, size }) => {
        const turns = Math.min(Math.ceil((size * clients) / servers), clients)
        /** In steps of 1/clients of a server, which are whole. */
        const steps = Array.from({ length: servers }, () => 0)
        for (let client = 0; client < clients; client++) {
          const subset = ringSubset(servers, client, clients, size)
          subset.forEach((part, i) => {
            expect(part * clients).toBeCloseTo(Math.round(part * clients), 9)
            steps[i] += Math.round(part * clients)
          })
        }
        expect(new Set(steps)).toEqual(new Set([turns * clients]))
      }),
    )
  })

  test('gives every client at least the size, as one piece of the ring, with parts at its ends only', () => {
    fc.assert(
      fc.property(counts, fc.nat(39), ({ clients, servers, size }, client) => {
        const subset = ringSubset(servers, client % clients, clients, size)
        const total = subset.reduce((sum, part) => sum + part, 0)
        expect(total).toBeGreaterThanOrEqual(Math.min(size, servers) - 1e-9)
        expect(Math.max(...subset)).toBeLessThanOrEqual(1)
        expect(subset.filter((part) => part > 0 && part < 1).length).toBeLessThanOrEqual(2)
        const begins = subset.filter((part, i) => part > 0 && !(subset.at(i - 1)! > 0))
        expect(begins.length).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('three clients, of four servers each two and two thirds', () => {
    const parts = [0, 1, 2].map((client) => [...ringSubset(4, client, 3, 2)])
    expect(parts).toEqual([
      [1, 1, 2 / 3, 0],
      [0, 2 / 3, 1, 1],
      [1, 1 / 3, 1 / 3, 1],
    ])
  })

  test('a single client has them all', () => {
    expect([...ringSubset(20, 0, 1, 12)]).toEqual(Array.from({ length: 20 }, () => 1))
  })
})

describe('shuffling', () => {
  test('gives each server to exactly one client of a round, but for those left over', () => {
    fc.assert(
      fc.property(counts, fc.nat(5), ({ servers, size }, round) => {
        const subsets = Math.max(1, Math.floor(servers / size))
        const clients = Array.from({ length: subsets }, (_, i) => round * subsets + i)
        const all = clients.flatMap((client) => members(shuffledSubset(servers, client, size)))
        expect(new Set(all).size).toBe(all.length)
        expect(all.length).toBe(subsets * Math.min(size, servers))
      }),
    )
  })

  test('over whole rounds, counts differ by no more than the rounds in which a server was left over', () => {
    const counts = Array.from({ length: 10 }, () => 0)
    const left = counts.slice()
    for (let round = 0; round < 8; round++) {
      const used = [0, 1, 2].flatMap((i) => members(shuffledSubset(10, round * 3 + i, 3)))
      const of = (i: number): number[] => (used.includes(i) ? counts : left)
      for (let i = 0; i < 10; i++) of(i)[i]++
    }
    counts.forEach((count, i) => expect(count).toBe(8 - left[i]))
    expect(left.filter((rounds) => rounds > 0).length).toBeGreaterThan(1) // Not always the same one.
  })
})

describe('hashing', () => {
  test('gives every client as many as asked for, in any order of the list the same', () => {
    fc.assert(
      fc.property(counts, fc.nat(1000), ({ servers, size }, client) => {
        const all = ids(servers)
        const subset = members(hashedSubset(all, client, size)).map((i) => all[i])
        expect(subset.length).toBe(Math.min(size, servers))
        const turned = all.toReversed()
        const again = members(hashedSubset(turned, client, size)).map((i) => turned[i])
        expect(new Set(again)).toEqual(new Set(subset))
      }),
    )
  })

  test('changes at most one member when one server comes or goes', () => {
    fc.assert(
      fc.property(counts, fc.nat(1000), fc.nat(39), ({ servers, size }, client, gone) => {
        const all = ids(servers + 1)
        const fewer = all.toSpliced(gone % all.length, 1)
        const before = members(hashedSubset(all, client, size)).map((i) => all[i])
        const after = new Set(members(hashedSubset(fewer, client, size)).map((i) => fewer[i]))
        expect(before.filter((id) => !after.has(id)).length).toBeLessThanOrEqual(1)
        expect(after.size - before.length).toBeLessThanOrEqual(0)
      }),
    )
  })

  test('gives different clients different members', () => {
    const subsets = Array.from({ length: 50 }, (_, i) =>
      members(hashedSubset(ids(20), i, 3)).join(),
    )
    expect(new Set(subsets).size).toBeGreaterThan(40)
    expect(new Set(subsets.join().split(',')).size).toBe(20)
  })
})

test('an order that is agreed on does not depend on the order of the list', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), (ids) => {
      const turned = ids.toReversed()
      expect(agreed(turned).map((i) => turned[i])).toEqual(agreed(ids).map((i) => ids[i]))
    }),
  )
})
