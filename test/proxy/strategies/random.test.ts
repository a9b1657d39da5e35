import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Random } from '../../../proxy/strategies/random.ts'
import { draw, part, ScriptedRng } from '../../support/scripted-rng.ts'
import { floats, ints, Pool } from './pool.ts'

/** Over six orders of magnitude. */
const weights = fc.array(
  fc.double({ min: -2.9, max: 3, noNaN: true }).map((exponent) => 10 ** exponent),
  { minLength: 2, maxLength: 40 },
)

/** What the cells of the table add up to for each server. */
function distribution(strategy: Random): number[] {
  const keep = floats(strategy, 'keep')
  const alias = ints(strategy, 'alias')
  const shares = Array.from(keep, (part) => part / keep.length)
  keep.forEach((part, i) => {
    shares[alias[i]] += (1 - part) / keep.length
  })
  return shares
}

test('the table holds exactly the shares of the weights', () => {
  fc.assert(
    fc.property(weights, (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const shares = distribution(new Pool(weights).use(Random))
      shares.forEach((share, i) => {
        expect(Math.abs(share - weights[i] / total)).toBeLessThanOrEqual(1e-12)
      })
    }),
  )
})

test('every cell’s own part is between 0 and 1', () => {
  fc.assert(
    fc.property(weights, (weights) => {
      for (const part of floats(new Pool(weights).use(Random), 'keep')) {
        expect(part).toBeGreaterThan(0)
        expect(part).toBeLessThanOrEqual(1)
      }
    }),
  )
})

test('a pick is a cell and a place in it: below the edge its own server, from the edge the other', () => {
  fc.assert(
    fc.property(weights, fc.nat(39), (weights, index) => {
      const n = weights.length
      const cell = index % n
      const pool = new Pool(weights)
      const table = pool.use(Random)
      const edge = floats(table, 'keep')[cell]
      const other = pool.servers[ints(table, 'alias')[cell]]
      const at = (place: number): unknown =>
        pool.use(Random, new ScriptedRng(draw(cell, n), part(place))).pick()
      expect(at(0)).toBe(pool.servers[cell])
      expect(at(edge / 2)).toBe(pool.servers[cell])
      expect(at(Math.min(1 - 2 ** -30, edge + 2 ** -30))).toBe(
        edge <= 1 - 2 ** -30 ? other : pool.servers[cell],
      )
      expect(at(1 - 2 ** -30)).toBe(edge <= 1 - 2 ** -30 ? other : pool.servers[cell])
    }),
  )
})

test('a place exactly on the edge belongs to the other', () => {
  const pool = new Pool([1, 3]) // a fills half of its cell.
  const at = (place: number): string =>
    pool.use(Random, new ScriptedRng(draw(0, 2), part(place))).pick().id
  expect([at(0.5 - 2 ** -30), at(0.5)]).toEqual(['a', 'b'])
})

test('a change of weights or servers makes the table anew', () => {
  const pool = new Pool([1, 1, 2])
  const strategy = pool.use(Random)
  pool.servers[0].weight = 5
  strategy.update(pool.servers)
  expect(distribution(strategy)).toEqual([0.625, 0.125, 0.25])
  strategy.update(pool.servers.slice(1))
  expect(distribution(strategy).map((share) => +share.toFixed(12))).toEqual([
    +(1 / 3).toFixed(12),
    +(2 / 3).toFixed(12),
  ])
})
