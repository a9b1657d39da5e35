import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { resolveStrategy } from '../../../proxy/strategies/index.ts'
import { Maglev } from '../../../proxy/strategies/maglev.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { Pool } from './pool.ts'

const dice = new Rng(6)
const KEYS = Array.from({ length: 100_000 }, () => dice.next())

function serversOf(n: number, weight?: (i: number) => number): Endpoint[] {
  return Array.from({ length: n }, (_, i) => new Endpoint(`s${i}`, { weight: weight?.(i) ?? 1 }))
}

function make(size = 65_537): Maglev {
  return new Maglev(new Pool([]).context(), { size })
}

function tableOf(maglev: Maglev): Int32Array {
  return (maglev as unknown as { table: Int32Array }).table
}

/** Which server has each key. */
function mapping(maglev: Maglev, servers: readonly Endpoint[]): Endpoint[] {
  maglev.update(servers)
  return KEYS.map((key) => maglev.pick(key))
}

/** Takes a server out of the pool, as a balancer would. */
function remove(...servers: readonly Endpoint[]): void {
  for (const server of servers) server.removed = true
}

describe('when servers are added and removed, of 100,000 keys', () => {
  const servers = serversOf(11)
  const maglev = make()
  const ten = mapping(maglev, servers.slice(0, 10))
  const eleven = mapping(maglev, servers)
  const changed = KEYS.flatMap((_, i) => (ten[i] === eleven[i] ? [] : [i]))

  test('from 10 to 11 and back, the newcomer gets a fair part, and less than 1 % move besides', () => {
    const due = changed.filter((i) => eleven[i] === servers[10]).length
    const besides = changed.length - due
    // 9.09 % are due to move; five deviations of that are 455.
    expect(Math.abs(due - 100_000 / 11)).toBeLessThan(455)
    expect(besides).toBeGreaterThan(0) // Or the claim should be `monotone`.
    expect(besides / 100_000).toBeLessThan(0.01)
  })

  test('and once it is removed everything is as it was', () => {
    remove(servers[10])
    expect(mapping(maglev, servers.slice(0, 10))).toEqual(ten)
  })

  test('one of 1,000 that leaves takes 0.1 % with it, and less than 1 % of the table changes', () => {
    const many = serversOf(1000)
    const large = make()
    large.update(many)
    const before = tableOf(large).map((index) => index)
    remove(many[999])
    large.update(many.slice(0, -1).toReversed())
    // The numbers in a table are places in the order of ids.
    const ids = many.map(({ id }) => id).sort()
    const left = many
      .slice(0, -1)
      .map(({ id }) => id)
      .sort()
    let moved = 0
    tableOf(large).forEach((index, slot) => {
      if (left[index] !== ids[before[slot]]) moved++
    })
    expect(moved / 65_537).toBeGreaterThan(0.00099)
    expect(moved / 65_537).toBeLessThan(0.01) // Measured: 0.68 %.
  })
})

test('every server has its part of the keys (100,000 of them, one false alarm in a million)', () => {
  for (const weight of [undefined, (i: number) => 1 + (i % 4)]) {
    const servers = serversOf(10, weight)
    const picked = mapping(make(), servers)
    const counts = servers.map((server) => picked.filter((each) => each === server).length)
    const weights = servers.map((server) => server.weight)
    expect(chiSquare(counts, weights)).toBeLessThan(chiSquareLimit(10))
  }
})

test('keys that have the same rest modulo the size do not all meet in one slot', () => {
  const [maglev, servers] = [make(1009), serversOf(4)]
  maglev.update(servers)
  const picked = new Set(KEYS.slice(0, 100).map((_, i) => maglev.pick(i * 1009)))
  expect(picked.size).toBe(4)
})

describe('while servers are away', () => {
  const some = KEYS.slice(0, 500)
  const pool = fc.array(fc.constantFrom(0.001, 1, 2, 5), { minLength: 2, maxLength: 12 })
  const absences = fc.array(fc.nat(0xfff), { minLength: 1, maxLength: 5 })
  const size = fc.constantFrom(7, 101, 1009) // In the least, some have no slot at all.

  test('exactly their keys move, the table stays, and no history matters', () => {
    fc.assert(
      fc.property(pool, absences, size, (weights, absences, size) => {
        const servers = serversOf(weights.length, (i) => weights[i])
        const maglev = make(size)
        maglev.update(servers)
        const [table, at] = [tableOf(maglev), some.map((key) => maglev.pick(key))]
        let before = { here: servers, picked: at }
        for (const absence of absences) {
          const here = servers.filter((_, i) => ((absence >> i) & 1) === 0)
          if (here.length === 0) continue
          maglev.update(here.toReversed())
          const picked = some.map((key) => maglev.pick(key))
          const other = make(size)
          other.update(servers)
          other.update(here)
          expect(some.map((key) => other.pick(key))).toEqual(picked)
          picked.forEach((server, i) => {
            expect(here).toContain(server)
            const was = before.picked[i]
            // It is another one only if the old one has left, or the new one has come.
            if (server !== was)
              expect(here.includes(was) && before.here.includes(server)).toBe(false)
          })
          before = { here, picked }
        }
        maglev.update(servers)
        expect(some.map((key) => maglev.pick(key))).toEqual(at)
        expect(tableOf(maglev)).toBe(table)
      }),
      { numRuns: 40 },
    )
  })

  test('the others get their keys in proportion to weight (100,000, one false alarm in a million)', () => {
    const servers = serversOf(10, (i) => 1 + (i % 4))
    const maglev = make()
    const before = mapping(maglev, servers)
    const here = servers.slice(4)
    const moved = mapping(maglev, here).filter((_, i) => !here.includes(before[i]))
    const counts = here.map((server) => moved.filter((each) => each === server).length)
    const weights = here.map(({ weight }) => weight)
    expect(chiSquare(counts, weights)).toBeLessThan(chiSquareLimit(6))
  })

  test('one that is the last, and too light to have a slot, gets every key', () => {
    const servers = serversOf(40)
    const maglev = make(7)
    maglev.update(servers)
    for (const server of servers) {
      maglev.update([server])
      expect(new Set(some.map((key) => maglev.pick(key)))).toEqual(new Set([server]))
    }
  })
})

describe('the table', () => {
  /** The tables of both are the same: they are for the same servers. */
  function expectTableFor(maglev: Maglev, servers: readonly Endpoint[]): void {
    const other = make(1009)
    other.update(servers)
    expect(tableOf(maglev)).toEqual(tableOf(other))
  }

  test('serves others of the same names and weights, and they are given', () => {
    const maglev = make(1009)
    maglev.update(serversOf(4))
    const table = tableOf(maglev)
    const again = serversOf(4)
    maglev.update(again)
    expect(tableOf(maglev)).toBe(table)
    for (const key of KEYS.slice(0, 100)) expect(again).toContain(maglev.pick(key))
  })

  test('is filled anew for other weights, also of one that is away', () => {
    const maglev = make(1009)
    const servers = serversOf(3)
    maglev.update(servers)
    maglev.update(servers.slice(1))
    servers[0].weight = 3
    maglev.update(servers.slice(1))
    expectTableFor(maglev, servers)
    expect(servers.slice(1)).toContain(maglev.pick(0))
  })

  test('lets go of one that is removed, and of one that gets weight 0, while it is away', () => {
    const maglev = make(1009)
    const servers = serversOf(5)
    maglev.update(servers)
    maglev.update(servers.slice(2))
    servers[0].removed = true
    maglev.update(servers.slice(2))
    expectTableFor(maglev, servers.slice(1))
    servers[1].weight = 0
    maglev.update(servers.slice(2))
    expectTableFor(maglev, servers.slice(2))
  })

  test('keeps one that is away when it is filled anew, but not a second time', () => {
    const maglev = make(1009)
    const servers = serversOf(6)
    maglev.update(servers.slice(0, 4))
    maglev.update(servers.slice(1, 4))
    maglev.update(servers.slice(1, 5))
    expectTableFor(maglev, servers.slice(0, 5))
    maglev.update(servers.slice(1))
    expectTableFor(maglev, servers.slice(1))
  })
})

test.each([7, 101, 65_537, 5_000_011])('a table can have %i slots', (size) => {
  expect(resolveStrategy({ name: 'maglev', size })).toHaveProperty('factory')
})

test.each([0, 2, 5, 8, 49, 66_049, 65_536, 65_535, 7.5, -7, NaN, Infinity, 5_000_077, '101', null])(
  'but not %s: that is no prime, or too small, or too large',
  (size) => {
    expect(resolveStrategy({ name: 'maglev', size })).toMatchObject({
      problems: [{ path: ['size'], rule: 'must be a prime number from 7 to 5000011' }],
    })
  },
)
