import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Rng } from '../../../proxy/core/rng.ts'
import { RoundRobin } from '../../../proxy/strategies/round-robin.ts'
import { fraction, ScriptedRng } from '../../support/scripted-rng.ts'
import { picks, Pool, tally } from './pool.ts'

function equals(n: number): number[] {
  return Array.from({ length: n }, () => 1)
}

const sizes = fc.integer({ min: 2, max: 12 })

test('the servers come in turn, whatever weight and load', () => {
  const pool = new Pool([5, 1, 0.1], [9, 0, 3])
  const strategy = pool.use(RoundRobin, new ScriptedRng(fraction(0)))
  expect(
    picks(strategy, 7)
      .map((server) => server.id)
      .join(''),
  ).toBe('abcabca')
})

test('the turn begins at a server drawn at random', () => {
  const starts = [0, 0.32, 0.34, 0.66, 0.67, 0.999].map((start) => {
    const strategy = new Pool([1, 1, 1]).use(RoundRobin, new ScriptedRng(fraction(start)))
    return picks(strategy, 4)
      .map((server) => server.id)
      .join('')
  })
  expect(starts).toEqual(['abca', 'abca', 'bcab', 'bcab', 'cabc', 'cabc'])
})

test('any k picks in a row over k servers reach each of them once', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(40), (k, seed, before) => {
      const pool = new Pool(equals(k))
      const strategy = pool.use(RoundRobin, new Rng(seed))
      picks(strategy, before)
      expect(new Set(picks(strategy, k)).size).toBe(k)
    }),
  )
})

test('in any window of picks every server has the floor or the ceiling of its share', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(40), fc.nat(100), (k, seed, before, length) => {
      const pool = new Pool(equals(k))
      const strategy = pool.use(RoundRobin, new Rng(seed))
      picks(strategy, before)
      for (const count of tally(pool.servers, picks(strategy, length))) {
        expect([Math.floor(length / k), Math.ceil(length / k)]).toContain(count)
      }
    }),
  )
})

test('when a server leaves, its share is spread over all the others, not given to its neighbour', () => {
  const pool = new Pool(equals(4))
  const strategy = pool.use(RoundRobin)
  picks(strategy, 6)
  strategy.update(pool.servers.slice(0, 3))
  expect(tally(pool.servers, picks(strategy, 300))).toEqual([100, 100, 100, 0])
})

test('across a change of servers, those who stay differ by two picks at most', () => {
  const subsets = sizes.chain((k) =>
    fc.tuple(fc.constant(k), fc.array(fc.boolean(), { minLength: k, maxLength: k })),
  )
  fc.assert(
    fc.property(subsets, fc.nat(), fc.nat(30), fc.nat(30), ([k, stay], seed, before, after) => {
      const pool = new Pool(equals(k))
      const staying = pool.servers.filter((_, i) => stay[i])
      fc.pre(staying.length >= 2)
      const strategy = pool.use(RoundRobin, new Rng(seed))
      const picked = picks(strategy, before)
      strategy.update(staying)
      picked.push(...picks(strategy, after))
      const counts = tally(staying, picked)
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2)
    }),
  )
})
