import { expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { Rendezvous } from '../../../proxy/strategies/rendezvous.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { Pool, tally } from './pool.ts'

const dice = new Rng(4)
const keys = Array.from({ length: 100_000 }, () => dice.next())

function use(pool: Pool, without?: number): Rendezvous {
  const strategy = new Rendezvous()
  strategy.update(pool.servers.filter((_, i) => i !== without))
  return strategy
}

test('shares are in proportion to weight, up to chance (100,000 keys, one false alarm in a million)', () => {
  const weights = [1, 2, 3, 4, 0.5]
  const pool = new Pool(weights)
  const strategy = use(pool)
  const counts = tally(
    pool.servers,
    keys.map((key) => strategy.pick(key)),
  )
  expect(chiSquare(counts, weights)).toBeLessThan(chiSquareLimit(5))
})

test('what somebody leaves is spread over the others in proportion to weight, likewise', () => {
  const weights = [4, 2, 3, 1, 0.5]
  const pool = new Pool(weights)
  const [before, after] = [use(pool), use(pool, 0)]
  const left = keys.filter((key) => before.pick(key) === pool.servers[0])
  const counts = tally(
    pool.servers,
    left.map((key) => after.pick(key)),
  )
  expect(counts[0]).toBe(0)
  expect(chiSquare(counts.slice(1), weights.slice(1))).toBeLessThan(chiSquareLimit(4))
})

test('it is known as hrw too, and has nothing to be set', () => {
  expect(findStrategy('hrw')).toMatchObject({ name: 'rendezvous', options: {}, keyed: true })
})
