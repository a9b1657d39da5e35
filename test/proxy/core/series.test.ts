import { beforeEach, describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Series } from '../../../proxy/core/series.ts'
import type { Snapshot } from '../../../proxy/core/snapshot.ts'
import { Recorded, serverOf } from './recorded.ts'

let world: Recorded

beforeEach(() => {
  world = new Recorded()
})

describe('a second', () => {
  test('is given out when it is over, with what happened in it and nothing else', () => {
    world.serve(10)
    world.serve(20, 'error')
    world.pass(900)
    expect(world.seconds).toHaveLength(0)
    world.pass(100)
    world.serve(30)
    world.pass(1000)
    expect(world.seconds.map(({ time, span }) => [time, span])).toEqual([
      [1000, 1000],
      [2000, 1000],
    ])
    expect(world.seconds.map((second) => second.requests.outcomes)).toEqual([
      { ok: 1, error: 1, timeout: 0, refused: 0, aborted: 0 },
      { ok: 1, error: 0, timeout: 0, refused: 0, aborted: 0 },
    ])
    expect(world.seconds.map((second) => second.requests.latency?.max)).toEqual([10, 30])
  })

  test('without an end of its own goes on until it is turned', () => {
    const series = new Series(world.clock, world.balancer, Infinity)
    const seconds: Snapshot[] = []
    series.listen({ onSnapshot: (snapshot) => seconds.push(snapshot) })
    series.request(10, 1, 'ok')
    world.clock.now += 5000
    series.tick(world.balancer.servers)
    expect(seconds).toEqual([])
    series.turn()
    series.turn()
    expect(seconds.map(({ span, requests }) => [span, requests.count])).toEqual([
      [5000, 1],
      [0, 0],
    ])
    expect(series.total().requests.count).toBe(1)
  })

  test('that took longer says so, and its rates are a second’s', () => {
    for (let i = 0; i < 10; i++) world.serve(1)
    world.clock.now += 2500
    world.balancer.tick()
    world.series.tick(world.balancer.servers)
    expect(world.seconds).toHaveLength(1)
    expect(world.seconds[0]).toMatchObject({
      time: 2500,
      span: 2500,
      requests: { count: 10, rate: 4 },
    })
  })

  test('shows shares beside due shares, of that second alone', () => {
    for (let i = 0; i < 8; i++) world.serve(1)
    world.pass(1000)
    world.balancer.setHealthy(world.balancer.servers[0], false)
    for (let i = 0; i < 5; i++) world.serve(1)
    world.pass(1000)
    world.pass(1000)
    const rows = world.seconds.map((second) =>
      second.servers.map((server) => [server.picks, server.share, server.dueShare]),
    )
    expect(rows).toEqual([
      [
        [6, 0.75, 0.75],
        [2, 0.25, 0.25],
      ],
      [
        [0, 0, 0],
        [5, 1, 1],
      ],
      [
        [0, null, null],
        [0, null, null],
      ],
    ])
  })

  test('shows each server as it is at the end', () => {
    const [a, b] = world.balancer.servers
    world.balancer.acquire(0, 0)
    world.balancer.setHealthy(b, false, 'connect refused')
    world.pass(1000)
    expect(world.seconds[0].servers).toMatchObject([
      { id: 'a', state: 'up', reason: '', weight: 3, inflight: a.inflight },
      { id: 'b', state: 'down', reason: 'connect refused', weight: 1, inflight: b.inflight },
    ])
    expect(world.seconds[0]).toMatchObject({ strategy: 'weighted_round_robin', promise: 'weight' })
  })

  test('counts retries: attempts beyond the first, never fewer than none', () => {
    for (const attempts of [0, 1, 2, 3]) world.series.request(1, attempts, 'ok')
    world.pass(1000)
    world.series.request(1, 2, 'ok')
    expect(world.seconds[0].retries).toBe(3)
    expect(world.series.second().retries).toBe(1)
    expect(world.series.total().retries).toBe(4)
  })
})

describe('the total', () => {
  test('is the sum of all seconds and the present one', () => {
    const rng = new Rng(4)
    for (let step = 0; step < 55; step++) {
      for (let i = rng.int(20); i > 0; i--) world.serve(rng.float() * 1000, OUTCOMES[rng.int(5)])
      world.pass(100)
    }
    world.serve(7)
    expect(world.seconds).toHaveLength(5)
    const parts = [...world.seconds, world.series.second()]
    const total = world.series.total()
    const added = (count: (snapshot: Snapshot) => number): number =>
      parts.reduce((sum, part) => sum + count(part), 0)
    expect(total.span).toBe(added((part) => part.span))
    expect(total.requests.count).toBe(added((part) => part.requests.count))
    for (const outcome of OUTCOMES) {
      expect(total.requests.outcomes[outcome]).toBe(
        added((part) => part.requests.outcomes[outcome]),
      )
    }
    for (const id of ['a', 'b']) {
      const mine = serverOf(total, id)
      expect(mine.picks).toBe(added((part) => serverOf(part, id).picks))
      expect(mine.attempts.count).toBe(added((part) => serverOf(part, id).attempts.count))
      const samples = added((part) => serverOf(part, id).attempts.latency?.count ?? 0)
      expect(mine.attempts.latency?.count).toBe(samples)
    }
    // One attempt a request, so servers and clients saw the same number of everything.
    const attempts = total.servers.reduce((sum, server) => sum + server.attempts.count, 0)
    expect(attempts).toBe(total.requests.count)
    expect(total.servers.reduce((sum, server) => sum + server.share!, 0)).toBeCloseTo(1, 12)
    expect(total.servers.reduce((sum, server) => sum + server.dueShare!, 0)).toBeCloseTo(1, 12)
    expect(total.events).toEqual([])
  })
})

test('reading changes nothing, and what was read does not change either', () => {
  world.serve(10)
  world.balancer.setHealthy(world.balancer.servers[1], false, 'timed out')
  world.pass(300)
  const read = [world.series.second(), world.series.total()]
  const copy = structuredClone(read)
  for (let i = 0; i < 3; i++) expect([world.series.second(), world.series.total()]).toEqual(copy)
  world.balancer.setHealthy(world.balancer.servers[1], true, '2 checks passed')
  world.serve(20)
  world.pass(300)
  expect(read).toEqual(copy)
})

test('everybody who listens is told everything, until they stop', () => {
  const heard: string[] = []
  const stop = world.series.listen({
    onSnapshot: (snapshot) => heard.push(`second ${snapshot.time}`),
    onEvent: (event) => heard.push(`${event.server} ${event.to}`),
  })
  world.balancer.setHealthy(world.balancer.servers[0], false)
  world.pass(1000)
  stop()
  world.balancer.setHealthy(world.balancer.servers[0], true)
  world.pass(1000)
  expect(heard).toEqual(['a down', 'second 1000'])
  expect([world.seconds.length, world.events.length]).toEqual([2, 2])
})

test('attemptsOf is a copy of a server’s total', () => {
  const [a] = world.balancer.servers
  for (let i = 0; i < 4; i++) world.serve(5)
  world.pass(1000)
  for (let i = 0; i < 4; i++) world.serve(5, 'timeout')
  const tally = world.series.attemptsOf(a)
  expect([tally.of('ok'), tally.of('timeout'), tally.latency.count]).toEqual([3, 3, 3])
  tally.clear()
  expect(world.series.attemptsOf(a).of('ok')).toBe(3)
  expect(world.series.attemptsOf(new Endpoint('stranger')).of('ok')).toBe(0)
})
