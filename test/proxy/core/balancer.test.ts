import { beforeEach, describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import type { StrategyFactory } from '../../../proxy/core/strategy.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Recording } from './recording-strategy.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'

let strategy: Recording
let balancer: Balancer
let servers: Endpoint[]

function make(slots?: number): Balancer {
  const factory: StrategyFactory = { promise: 'weight', create: () => (strategy = new Recording()) }
  const options = { clock: new Clock(), rng: new Rng(1), strategy: factory }
  return new Balancer(slots === undefined ? options : { ...options, memory: new Memory(slots) })
}

function add(id: string, options = {}): Endpoint {
  const server = new Endpoint(id, options)
  balancer.add(server)
  return server
}

beforeEach(() => {
  balancer = make()
  servers = ['a', 'b', 'c'].map((id) => add(id))
})

describe('a change', () => {
  test('ten in a row cost one update, at the next request', () => {
    balancer.acquire(0, 0)
    strategy.updates.length = 0
    const [a, b, c] = servers
    balancer.setHealthy(a, false)
    balancer.setHealthy(b, false)
    balancer.setHealthy(a, true)
    balancer.setWeight(c, 2)
    balancer.setWeight(c, 3)
    balancer.setMax(b, 7)
    balancer.setAdmin(c, 'drain')
    balancer.setAdmin(c, 'ready')
    balancer.remove(b)
    add('d')
    expect(strategy.updates).toEqual([])
    balancer.acquire(0, 0)
    balancer.acquire(0, 0)
    balancer.tick()
    expect(strategy.updates).toEqual([['a', 'c', 'd']])
  })

  test('is told by tick when there is no request', () => {
    balancer.setHealthy(servers[0], false)
    balancer.tick()
    balancer.tick()
    expect(strategy.updates).toEqual([['b', 'c']])
  })

  test('of health to what it is already costs nothing, but its reason counts', () => {
    balancer.tick()
    balancer.setHealthy(servers[0], true, '2 checks passed')
    balancer.tick()
    expect(strategy.updates).toHaveLength(1)
    expect(servers[0].reason).toBe('2 checks passed')
  })
})

describe('a limit', () => {
  test('costs an update when it is reached and when there is room again, and never else', () => {
    const [a] = servers
    balancer.setMax(a, 2)
    for (let i = 0; i < 2; i++) balancer.acquire(0, 0)
    balancer.tick()
    balancer.release(a, 1, 'ok')
    balancer.tick()
    balancer.release(a, 1, 'ok') // One less of one is no news.
    balancer.tick()
    const all = ['a', 'b', 'c']
    expect(strategy.updates).toEqual([all, ['b', 'c'], all])
  })
})

describe('the strategy', () => {
  test('is asked with the key and the attempt, and told how it ended', () => {
    const server = balancer.acquire(77, 0)!
    balancer.release(server, 12.5, 'timeout')
    balancer.acquire(78, 1)
    expect(strategy.picks).toEqual([
      [77, 0],
      [78, 1],
    ])
    expect(strategy.settlements).toEqual([['a', 12.5, 'timeout']])
  })

  test('is neither asked nor updated while there are fewer than two to choose from', () => {
    balancer.setHealthy(servers[0], false)
    balancer.setHealthy(servers[2], false)
    expect(balancer.acquire(0, 0)?.id).toBe('b')
    balancer.setHealthy(servers[1], false)
    expect(balancer.acquire(0, 0)).toBeUndefined()
    expect([strategy.updates, strategy.picks]).toEqual([[], []])
  })

  test('is told how an attempt ended even when its server has left, before the slot is free', () => {
    const server = balancer.acquire(0, 0)!
    balancer.remove(server)
    balancer.release(server, 3, 'ok')
    expect(strategy.settlements).toEqual([['a', 3, 'ok']])
  })
})

describe('avoid', () => {
  test('of nobody is no wish: the strategy chooses, as at a first attempt', () => {
    balancer.acquire(5, 1, [])
    expect(strategy.picks).toEqual([[5, 1]])
  })

  test('gives the least busy of the others for its weight', () => {
    const [a, b, c] = servers
    balancer.setWeight(c, 3)
    for (const [busy, count] of [
      [b, 1],
      [c, 2],
    ] as const) {
      const others = servers.filter((server) => server !== busy)
      for (let i = 0; i < count; i++) expect(balancer.acquire(0, 1, others)).toBe(busy)
    }
    expect(balancer.acquire(0, 1, [a])).toBe(c) // Two for weight 3 are less than one for weight 1.
    expect(balancer.acquire(0, 1, [c])).toBe(a) // Idle.
    expect([a, b, c].map((server) => server.inflight)).toEqual([1, 1, 3])
  })

  test('draws among the equally busy in proportion to weight (one false alarm in a million)', () => {
    const [a, b, c] = servers
    balancer.setWeight(c, 3)
    const counts = [0, 0]
    for (let i = 0; i < 4000; i++) {
      const server = balancer.acquire(0, 1, [a])!
      counts[server === b ? 0 : 1]++
      balancer.release(server, 1, 'ok')
    }
    expect(chiSquare(counts, [1, 3])).toBeLessThan(chiSquareLimit(2))
  })

  test('leaves the strategy alone: a retry takes no turn of its own', () => {
    balancer.acquire(0, 1, [servers[0]])
    expect(strategy.picks).toEqual([])
    balancer.acquire(0, 1, servers) // All were tried: now it is the strategy's choice again.
    expect(strategy.picks).toEqual([[0, 1]])
  })

  test('is a wish: when there is no other, the same server is better than none', () => {
    expect(balancer.acquire(0, 1, servers)).toBe(servers[0])
    balancer.setHealthy(servers[1], false)
    balancer.setHealthy(servers[2], false)
    expect(balancer.acquire(0, 1, [servers[0]])).toBe(servers[0])
  })
})

describe('accounting', () => {
  test('picks and due picks count first attempts only', () => {
    for (let i = 0; i < 6; i++) balancer.acquire(0, 0)
    balancer.acquire(0, 1, [servers[0]])
    balancer.tick()
    expect(servers.map((server) => balancer.picksOf(server))).toEqual([6, 0, 0])
    expect(servers.map((server) => balancer.dueOf(server))).toEqual([2, 2, 2])
  })

  test('a change of weight counts from then on', () => {
    for (let i = 0; i < 6; i++) balancer.acquire(0, 0)
    balancer.setWeight(servers[0], 4)
    for (let i = 0; i < 6; i++) balancer.acquire(0, 0)
    balancer.tick()
    expect(servers.map((server) => balancer.dueOf(server))).toEqual([6, 3, 3])
  })
})

describe('a slow start', () => {
  beforeEach(() => {
    const factory: StrategyFactory = { promise: 'weight', create: () => new Recording() }
    const slowStart = { duration: 10_000, aggression: 1, floor: 0.1 }
    balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy: factory, slowStart })
    servers = ['a', 'b', 'c'].map((id) => add(id))
  })

  test('changes what is due from then on, and not what was', () => {
    for (let i = 0; i < 6; i++) balancer.acquire(0, 0)
    balancer.setHealthy(servers[0], false)
    balancer.setHealthy(servers[0], true)
    expect(servers[0].weight).toBe(0.1)
    balancer.tick()
    expect(servers.map((server) => balancer.dueOf(server))).toEqual([2, 2, 2])
  })

  test('follows maintenance when the server is ready, not when it is to be drained', () => {
    balancer.setAdmin(servers[0], 'maint')
    balancer.setAdmin(servers[0], 'drain')
    expect(servers[0].weight).toBe(1)
    balancer.setAdmin(servers[0], 'maint')
    balancer.setAdmin(servers[0], 'ready')
    expect(servers[0].weight).toBe(0.1)
  })
})

describe('what cannot be', () => {
  test('two servers of one id, or one server in two balancers', () => {
    expect(() => balancer.add(new Endpoint('a'))).toThrow('there is already a server "a"')
    const [a] = servers
    balancer = make()
    expect(() => balancer.add(a)).toThrow('server "a" is in a balancer already')
  })

  test('but an id is free as soon as its server is taken out, even with requests in flight', () => {
    const [a] = servers
    while (balancer.acquire(0, 0) !== a);
    balancer.remove(a)
    balancer.add(new Endpoint('a'))
    expect(balancer.servers.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c'])
    expect(() => balancer.add(new Endpoint('a'))).toThrow('there is already a server "a"')
  })

  test('more servers than slots; a slot is free when its server has nothing in flight', () => {
    balancer = make(2)
    const a = add('a')
    add('b')
    expect(() => add('c')).toThrow('no room for server "c": 2 slots')
    balancer.acquire(0, 0)
    balancer.remove(a)
    expect(() => add('c')).toThrow('no room')
    balancer.release(a, 1, 'ok')
    expect(add('c').slot).toBe(0)
    expect(() => add('d')).toThrow('no room')
  })

  test('weights and limits that are no numbers of the right size', () => {
    for (const [weight, rule] of [
      [-1, 'must be at least 0'],
      [NaN, 'must be at least 0'],
      [Infinity, 'must be at most 1000000'],
      [1_000_001, 'must be at most 1000000'],
      [0.0009, 'must be 0, or at least 0.001'],
    ] as const) {
      const message = `weight of "a" ${rule}, got ${weight}`
      expect(() => balancer.setWeight(servers[0], weight)).toThrow(message)
    }
    for (const max of [0, -1, NaN]) {
      expect(() => balancer.setMax(servers[0], max)).toThrow(
        'max of "a" must be a whole number of at least 1',
      )
    }
    expect(servers[0]).toMatchObject({ weight: 1, max: Infinity })
  })

  test('removing a stranger: nothing happens', () => {
    balancer.remove(new Endpoint('x'))
    expect(balancer.servers).toEqual(servers)
  })
})
