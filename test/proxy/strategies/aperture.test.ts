import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { ValuesOf } from '../../../proxy/core/options.ts'
import { SILENT } from '../../../proxy/core/report.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Aperture, type APERTURE_OPTIONS } from '../../../proxy/strategies/aperture.ts'
import { resolveStrategy } from '../../../proxy/strategies/index.ts'
import { Pool } from './pool.ts'
import { Recording } from './recording-strategy.ts'

const OPTIONS = {
  over: 'rr',
  size: 2,
  clients: 3,
  client: 0,
  subset: 'ring',
} as const

function begin(
  weights: number[],
  options: Partial<ValuesOf<typeof APERTURE_OPTIONS>> = {},
  listens = true,
) {
  const pool = new Pool(weights)
  const inside = new Recording()
  const given = { ...OPTIONS, ...options }
  const aperture = new Aperture(pool.context(), given, inside.factory(listens))
  aperture.update(pool.servers)
  return { pool, inside, aperture }
}

describe('what the strategy inside sees', () => {
  test('is a part of the servers, and for their weights the parts of them that are covered', () => {
    const { inside, pool } = begin([3, 3, 3, 3])
    // 2 2/3 servers: two whole ones and two thirds of another.
    expect(inside.weights.toSorted((a, b) => a - b)).toEqual([2, 3, 3])
    const places = inside.servers.map(({ slot }) => slot)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    for (const shown of inside.servers) expect(shown.id).toBe(pool.servers[shown.slot].id)
  })

  test('is the same whatever order the servers are listed in', () => {
    fc.assert(
      fc.property(fc.constantFrom('ring', 'shuffle', 'hash'), fc.nat(2), (subset, client) => {
        const { aperture, inside, pool } = begin([1, 2, 3, 4, 5, 6], { subset, client })
        const before = new Map(inside.servers.map(({ id, weight }) => [id, weight]))
        aperture.update(pool.servers.toReversed())
        expect(new Map(inside.servers.map(({ id, weight }) => [id, weight]))).toEqual(before)
      }),
    )
  })

  test('counts what the real servers count', () => {
    const { inside, pool } = begin([1, 1, 1, 1])
    const shadow = inside.servers.find(({ weight }) => weight < 1)!
    pool.inflights[shadow.slot] = 7
    expect(shadow.inflight).toBe(7)
    expect(pool.servers).not.toContain(shadow)
  })

  test('has a weight that there is, however small the part', () => {
    const { inside } = begin([0.001, 0.001, 0.001, 0.001])
    expect(inside.weights).toEqual([0.001, 0.001, 0.001])
  })
})

describe('what comes out', () => {
  test('are real servers', () => {
    const { aperture, inside, pool } = begin([1, 1, 1, 1])
    for (inside.index = 0; inside.index < inside.servers.length; inside.index++) {
      const { slot } = inside.servers[inside.index]
      expect(aperture.pick(5, 1)).toBe(pool.servers[slot])
    }
    expect(inside.told[0]).toEqual(['pick', 5, 1])
  })

  test('is asked of real servers, and their work is known', () => {
    const { inside, pool } = begin([1, 1, 1, 1])
    pool.work = [1, 2, 3, 4]
    for (const shown of inside.servers) {
      inside.context!.ask(shown)
      expect(pool.asked.at(-1)).toBe(pool.servers[shown.slot])
      expect(inside.context!.remainingWork!(shown)).toBe(shown.slot + 1)
    }
  })

  test('is not asked where there is but one to choose from', () => {
    const { aperture, inside, pool } = begin([1, 1, 1], { size: 1, subset: 'hash' })
    expect(pool.servers).toContain(aperture.pick(0, 0))
    expect(inside.updates).toBe(0)
    expect(inside.told).toEqual([])
  })
})

test('answers and news go to the strategy inside, about the servers that it sees, or about the real ones', () => {
  const { aperture, inside, pool } = begin([1, 1, 1, 1])
  const report = { ...SILENT, inflight: 1 }
  for (const server of pool.servers) {
    const shown = inside.servers.find(({ slot }) => slot === server.slot) ?? server
    aperture.settled(server, 5, 'error')
    expect(inside.told.at(-1)).toEqual(['settled', shown, 5, 'error'])
    expect(inside.told.at(-1)![1]).toBe(shown)
    aperture.heard!(server, report)
    expect(inside.told.at(-1)).toEqual(['heard', shown, report])
  }
})

test('whoever does not listen inside is not told', () => {
  expect(begin([1, 1, 1], {}, false).aperture.heard).toBeUndefined()
})

describe('which proxy this is', () => {
  const ring = { name: 'aperture', clients: 2, client: 5 }
  const problem = { rule: 'must be below clients, which is 2', value: 5, unknown: false }

  test('has to be one of those that there are, at any depth', () => {
    expect(resolveStrategy(ring)).toEqual({
      problems: [{ ...problem, name: 'client', path: ['client'] }],
    })
    expect(resolveStrategy({ name: 'reported_load', over: ring })).toEqual({
      problems: [{ ...problem, name: 'client', path: ['over', 'client'] }],
    })
    expect(resolveStrategy({ name: 'aperture', client: 1 })).toHaveProperty('problems')
    expect(resolveStrategy({ ...ring, client: 1 })).toHaveProperty('factory')
  })

  test('needs no number of all where that does not matter; but if there is one it counts', () => {
    for (const subset of ['hash', 'shuffle']) {
      expect(resolveStrategy({ name: 'aperture', client: 5, subset })).toHaveProperty('factory')
      expect(resolveStrategy({ ...ring, subset })).toHaveProperty('problems')
    }
  })

  test('is not looked at where one of both is wrong by itself', () => {
    expect(resolveStrategy({ ...ring, clients: 0 })).toMatchObject({
      problems: [{ name: 'clients' }],
    })
  })
})

test('many proxies together use all servers alike, as one of them alone would not', () => {
  const totals = new Map<string, number>()
  for (let client = 0; client < 30; client++) {
    const over = 'weighted_round_robin'
    const spec = { name: 'aperture', over, size: 4, clients: 30, client }
    const resolved = resolveStrategy(spec) as Extract<
      ReturnType<typeof resolveStrategy>,
      { factory: unknown }
    >
    const balancer = new Balancer({
      clock: new Clock(),
      rng: new Rng(client),
      strategy: resolved.factory,
    })
    for (let i = 0; i < 20; i++) balancer.add(new Endpoint(`server-${i}`))
    const used = new Set<string>()
    for (let i = 0; i < 600; i++) {
      const server = balancer.acquire(0, 0)!
      totals.set(server.id, (totals.get(server.id) ?? 0) + 1)
      used.add(server.id)
      balancer.release(server, 1, 'ok')
    }
    expect(used.size).toBeLessThanOrEqual(5)
  }
  // 30 × 600 / 20, and less than a pick off for each of the six proxies that use it.
  for (const total of totals.values()) expect(Math.abs(total - 900)).toBeLessThan(6 * 1.5)
  expect(totals.size).toBe(20)
})
