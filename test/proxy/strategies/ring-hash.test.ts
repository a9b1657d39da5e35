import { expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy, resolveStrategy } from '../../../proxy/strategies/index.ts'
import { RingHash } from '../../../proxy/strategies/ring-hash.ts'
import { Pool } from './pool.ts'

function serversOf(n: number): Endpoint[] {
  return Array.from({ length: n }, (_, i) => new Endpoint(`10.0.0.${i}:8080`))
}

/** How uneven the shares of 100,000 keys are: the deviation, as a part of the mean. */
function unevenness(points: number, n = 10): number {
  const servers = serversOf(n)
  const ring = new RingHash(new Pool([]).context(), { points })
  ring.update(servers)
  const rng = new Rng(2)
  const counts = new Map(servers.map((server) => [server, 0]))
  for (let i = 0; i < 100_000; i++) {
    const server = ring.pick(rng.next())
    counts.set(server, counts.get(server)! + 1)
  }
  const mean = 100_000 / n
  const squares = [...counts.values()].map((count) => (count / mean - 1) ** 2)
  return Math.sqrt(squares.reduce((sum, each) => sum + each) / n)
}

test('more points make the shares more even, about as the square root', () => {
  // sqrt((n - 1) / (nv + 1)) is 30 %, 7.5 % and 3 %. One ring is anywhere from a third to twice of that (a chi-square of nine
  // degrees of freedom is below a ninth of its mean, or above four times it, once in ten thousand).
  for (const points of [10, 160, 1000]) {
    const expected = Math.sqrt(9 / (10 * points + 1))
    expect(unevenness(points)).toBeGreaterThan(expected / 3)
    expect(unevenness(points)).toBeLessThan(expected * 2)
  }
})

test('a newcomer gets about its share, and everything that moves moves to it', () => {
  const [servers, rng] = [serversOf(11), new Rng(3)]
  const keys = Array.from({ length: 100_000 }, () => rng.next())
  const ring = new RingHash(new Pool([]).context(), { points: 160 })
  ring.update(servers.slice(0, 10))
  const before = keys.map((key) => ring.pick(key))
  ring.update(servers)
  const moved = keys.filter((key, i) => ring.pick(key) !== before[i])
  expect(moved.every((key) => ring.pick(key) === servers[10])).toBe(true)
  // 1/11 of the keys, within five deviations of 7.9 % of that.
  expect(Math.abs((moved.length * 11) / 100_000 - 1)).toBeLessThan(0.4)
})

test('points are an option', () => {
  const { options, aliases } = findStrategy('ring_hash')!
  expect(aliases).toEqual(['consistent_hash'])
  expect(options.points.fallback).toBe(160)
  expect(resolveStrategy({ name: 'ring_hash', points: 0 })).toMatchObject({
    problems: [{ path: ['points'], rule: 'must be a whole number from 1 to 1000' }],
  })
})
