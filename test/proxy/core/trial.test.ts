import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../../proxy/core/strategy.ts'
import { tryOut } from '../../../proxy/core/trial.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'

function picking(pick: (servers: readonly Endpoint[]) => Endpoint): StrategyFactory {
  const create = (): Strategy => {
    let servers: readonly Endpoint[] = []
    return {
      name: 'own',
      update: (given) => void (servers = given),
      pick: () => pick(servers),
      settled: () => {},
    }
  }
  return { promise: 'adaptive', create }
}

describe('a trial', () => {
  for (const entry of STRATEGIES.filter((each) => each.simulatorOnly !== true)) {
    test(`is passed by ${entry.name}`, () => expect(tryOut(entry)).toBeUndefined())
  }

  test('finds one that throws', () => {
    let picks = 0
    const strategy = picking((servers) => {
      if (++picks > 500) throw new Error('enough')
      return servers[0]
    })
    expect(tryOut(strategy)).toMatchObject({ verb: 'pick', problem: 'threw Error: enough' })
  })

  test('finds one that keeps to a server that has left', () => {
    let kept: Endpoint | undefined
    expect(tryOut(picking((servers) => (kept ??= servers[0])))).toMatchObject({ kind: 'picked' })
  })

  test('finds one that counts on servers to stay as many as they were', () => {
    let most = 0
    const last = picking((servers) => servers[(most = Math.max(most, servers.length)) - 1])
    expect(tryOut(last)).toMatchObject({ kind: 'picked', verb: 'pick' })
  })

  test.each<[string, (server: Endpoint) => unknown]>([
    ['the slot of s1', (server) => (server.slot = -1)],
    ['the max of s1', (server) => (server.max = 0)],
    ['the weight of s1', (server) => (server.weight = 7)],
    ['the healthy of s1', (server) => (server.healthy = false)],
    ['the id of s1', (server) => ((server as { id: string }).id = 'x')],
    ['all of s1: it is frozen', (server) => Object.freeze(server)],
  ])('finds one that changes %s', (what, change) => {
    const strategy = picking((servers) => {
      change(servers.find(({ id }) => id === 's1') ?? servers[0])
      return servers[0]
    })
    const fault = { verb: 'pick', kind: 'changed', problem: `changed ${what}` }
    expect(tryOut(strategy)).toMatchObject(fault)
  })

  test('finds one that writes into the counts of requests in flight', () => {
    const create = ({ inflights }: StrategyContext): Strategy => {
      const strategy = picking((servers) => servers[0]).create(undefined!)
      return { ...strategy, settled: () => void inflights.fill(7) }
    }
    const problem = expect.stringMatching(/^changed the requests in flight to s1 from \d+ to 7$/)
    expect(tryOut({ promise: 'adaptive', create })).toMatchObject({ verb: 'settled', problem })
  })

  test('is over the servers that it is meant for as well', () => {
    const seen = new Map<string, Endpoint>()
    const strategy = picking((servers) => {
      for (const server of servers) seen.set(server.id, server)
      if (servers.length === 3 && servers[2].id === 'c') throw new Error('three')
      return servers[0]
    })
    expect(tryOut(strategy)).toBeUndefined()
    const own = [
      { id: 'a', weight: 3 },
      { id: 's1', max: 4 },
      { id: 'c', backup: false },
    ]
    expect(tryOut(strategy, 1, own)).toMatchObject({ problem: 'threw Error: three' })
    expect(seen.get('a')).toMatchObject({ weight: 3 })
  })

  test('copes with a pool of one server, and with a thousand', () => {
    const strategy = STRATEGIES[0]
    expect(tryOut(strategy, 1, [{ id: 'a' }])).toBeUndefined()
    const many = Array.from({ length: 1000 }, (_, i) => ({ id: `b${i}` }))
    expect(tryOut(strategy, 1, many)).toBeUndefined()
  })

  test('comes to the same end again with the same seed', () => {
    const faults = [1, 1, 2].map((seed) => {
      let picks = 0
      return tryOut(
        picking((servers) => servers[++picks % 9]),
        seed,
      )?.problem
    })
    expect(faults[0]).toBe(faults[1])
    expect(faults[0]).toBeDefined()
  })
})
