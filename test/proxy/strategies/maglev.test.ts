import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { resolveStrategy } from '../../../proxy/strategies/index.ts'
import { Maglev } from '../../../proxy/strategies/maglev.ts'
import { chiSquare, chiSquareLimit } from '../../laws/chi-square.ts'
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

describe('when servers come and go, of 100,000 keys', () => {
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

  test('and once it is gone everything is as it was', () => {
    expect(mapping(maglev, servers.slice(0, 10))).toEqual(ten)
  })

  test('one of 1,000 that leaves takes 0.1 % with it, and less than 1 % of the table changes', () => {
    const many = serversOf(1000)
    const large = make()
    large.update(many)
    const before = tableOf(large).map((index) => index)
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

describe('a table that was made before', () => {
  test('is used again when the same servers are back, and the endpoints of now are given', () => {
    const maglev = make(1009)
    const servers = serversOf(4)
    maglev.update(servers)
    const table = tableOf(maglev)
    for (let full = 0; full < 3; full++) maglev.update(servers.filter((_, i) => i !== full))
    const again = serversOf(4)
    maglev.update(again)
    expect(tableOf(maglev)).toBe(table)
    for (const key of KEYS.slice(0, 100)) expect(again).toContain(maglev.pick(key))
  })

  test('is forgotten after four others', () => {
    const maglev = make(1009)
    const servers = serversOf(5)
    maglev.update(servers)
    const table = tableOf(maglev)
    for (let full = 0; full < 4; full++) maglev.update(servers.filter((_, i) => i !== full))
    maglev.update(servers)
    expect(tableOf(maglev)).not.toBe(table)
    expect(tableOf(maglev)).toEqual(table)
  })

  test('is not taken for that of other weights', () => {
    const maglev = make(1009)
    maglev.update(serversOf(3))
    const table = tableOf(maglev)
    maglev.update(serversOf(3, (i) => 1 + i))
    expect(tableOf(maglev)).not.toEqual(table)
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
