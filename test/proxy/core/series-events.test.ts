import { beforeEach, describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { describeEvent, Recorded, serverOf } from './recorded.ts'

let world: Recorded

beforeEach(() => {
  world = new Recorded()
})

describe('events', () => {
  test('tell each change of state with time and reason, at once and in their second', () => {
    const [, b] = world.balancer.servers
    world.pass(200)
    world.balancer.setHealthy(b, false, 'connect refused')
    world.pass(100)
    world.balancer.setHealthy(b, true, '2 checks passed')
    world.pass(700)
    world.balancer.setAdmin(b, 'drain')
    world.pass(1000)
    const expected = ['300 b up-down connect refused', '400 b down-up 2 checks passed']
    expect(world.seconds[0].events.map(describeEvent)).toEqual(expected)
    expect(world.seconds[1].events.map(describeEvent)).toEqual([
      '1100 b up-draining by an operator',
    ])
    expect(world.events).toEqual([...world.seconds[0].events, ...world.seconds[1].events])
  })

  test('are silent about a server that is full for a moment', () => {
    const [a] = world.balancer.servers
    world.balancer.setMax(a, 1)
    while (a.inflight === 0) world.balancer.acquire(0, 0)
    world.pass(100)
    world.balancer.release(a, 1, 'ok')
    world.pass(100)
    expect(world.events).toEqual([])
  })

  test('announce a server that comes, even if it was used or looked at before the next tick', () => {
    world.pass(100)
    const c = new Endpoint('c')
    world.balancer.add(c)
    while (world.serve(1) !== c) continue
    world.series.total()
    world.pass(100)
    expect(world.changes).toEqual(['200 c gone-up '])
  })

  for (const state of ['up', 'down'] as const) {
    test(`announce a server that goes once, also one that was ${state}`, () => {
      const [, b] = world.balancer.servers
      world.balancer.setHealthy(b, state === 'up', 'as it was')
      world.pass(1000)
      world.events.length = 0
      world.balancer.remove(b)
      world.pass(2000)
      expect(world.changes).toEqual([`1100 b ${state}-gone as it was`])
    })
  }
})

describe('a server that was removed', () => {
  test('and replaced by another of the same id goes before the other comes', () => {
    world.balancer.remove(world.balancer.servers[1])
    world.balancer.add(new Endpoint('b'))
    world.pass(100)
    expect(world.changes).toEqual(['100 b up-gone ', '100 b gone-up '])
  })

  test('is no longer listed, and its second ends with it', () => {
    const [, b] = world.balancer.servers
    for (let i = 0; i < 8; i++) world.serve(5)
    world.balancer.remove(b)
    world.pass(1000)
    expect(world.seconds[0].servers.map((server) => server.id)).toEqual(['a'])
    expect(world.seconds[0].requests.count).toBe(8) // What clients saw is not forgotten.
    expect(world.series.total().servers.map((server) => server.id)).toEqual(['a'])
  })

  test('may still end what it has in flight', () => {
    const [, b] = world.balancer.servers
    while (b.inflight === 0) world.balancer.acquire(0, 0)
    world.balancer.remove(b)
    world.pass(1500)
    world.balancer.release(b, 1500, 'ok')
    world.series.attempt(b, 1500, 'ok')
    world.series.request(1500, 1, 'ok')
    world.pass(1000)
    expect(world.series.total().requests.outcomes.ok).toBe(1)
    expect(world.changes).toEqual(['100 b up-gone '])
  })

  test('and taken in again begins anew', () => {
    const [, b] = world.balancer.servers
    for (let i = 0; i < 40; i++) world.serve(5)
    world.pass(1000)
    world.balancer.remove(b)
    world.pass(1100)
    world.balancer.add(b)
    world.pass(100)
    for (let i = 0; i < 4; i++) world.serve(5)
    world.pass(1000)
    expect(world.changes).toEqual(['1100 b up-gone ', '2200 b gone-up '])
    const total = serverOf(world.series.total(), 'b')
    expect(total.picks).toBe(total.attempts.count)
    expect(serverOf(world.seconds.at(-1)!, 'b').picks).toBeGreaterThanOrEqual(0)
    expect(serverOf(world.series.second(), 'b').picks).toBeGreaterThanOrEqual(0)
  })

  test('and taken in again within the second begins anew too', () => {
    const [, b] = world.balancer.servers
    for (let i = 0; i < 40; i++) world.serve(5)
    world.pass(1500)
    world.balancer.remove(b)
    world.pass(100)
    world.balancer.add(b)
    for (let i = 0; i < 4; i++) world.serve(5)
    world.pass(400)
    const picks = world.seconds.at(-1)!.servers.map((server) => server.picks)
    expect(picks.reduce((sum, count) => sum + count, 0)).toBe(4)
    expect(Math.min(...picks)).toBeGreaterThanOrEqual(0)
  })
})
