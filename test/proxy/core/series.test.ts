import { beforeEach, describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { OUTCOMES, type Outcome } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Series } from '../../../proxy/core/series.ts'
import type { Snapshot, StateEvent } from '../../../proxy/core/snapshot.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

let clock: Clock
let balancer: Balancer
let series: Series
let seconds: Snapshot[]
let events: StateEvent[]

beforeEach(() => {
  clock = new Clock(5_000_000)
  const strategy = findStrategy('weighted_round_robin')!
  balancer = new Balancer({ clock, rng: new Rng(1), strategy })
  balancer.add(new Endpoint('a', { weight: 3 }))
  balancer.add(new Endpoint('b'))
  series = new Series(clock, balancer)
  seconds = []
  events = []
  series.onSnapshot = (snapshot) => seconds.push(snapshot)
  series.onEvent = (event) => events.push(event)
})

function pass(time: number): void {
  for (const end = clock.now + time; clock.now < end;) {
    clock.now += 100
    balancer.tick()
    series.tick(balancer.servers)
  }
}

/** One request with one attempt. */
function serve(latency: number, outcome: Outcome = 'ok'): Endpoint {
  const server = balancer.acquire(0, 0)!
  balancer.release(server, latency, outcome)
  series.attempt(server, latency, outcome)
  series.request(latency, 1, outcome)
  return server
}

function serverOf(snapshot: Snapshot, id: string): Snapshot['servers'][number] {
  return snapshot.servers.find((server) => server.id === id)!
}

function changes(list: readonly StateEvent[]): string[] {
  return list.map(
    ({ time, server, from, to, reason }) => `${time} ${server} ${from}-${to} ${reason}`,
  )
}

describe('a second', () => {
  test('is given out when it is over, with what happened in it and nothing else', () => {
    serve(10)
    serve(20, 'error')
    pass(900)
    expect(seconds).toHaveLength(0)
    pass(100)
    serve(30)
    pass(1000)
    expect(seconds.map(({ time, span }) => [time, span])).toEqual([
      [1000, 1000],
      [2000, 1000],
    ])
    expect(seconds.map((second) => second.requests.outcomes)).toEqual([
      { ok: 1, error: 1, timeout: 0, refused: 0, aborted: 0 },
      { ok: 1, error: 0, timeout: 0, refused: 0, aborted: 0 },
    ])
    expect(seconds.map((second) => second.requests.latency?.max)).toEqual([10, 30])
  })

  test('that took longer says so, and its rates are a second’s', () => {
    for (let i = 0; i < 10; i++) serve(1)
    clock.now += 2500
    balancer.tick()
    series.tick(balancer.servers)
    expect(seconds).toHaveLength(1)
    expect(seconds[0]).toMatchObject({ time: 2500, span: 2500, requests: { count: 10, rate: 4 } })
  })

  test('shows shares beside due shares, of that second alone', () => {
    for (let i = 0; i < 8; i++) serve(1)
    pass(1000)
    balancer.setHealthy(balancer.servers[0], false)
    for (let i = 0; i < 5; i++) serve(1)
    pass(1000)
    pass(1000)
    const rows = seconds.map((second) =>
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
    const [a, b] = balancer.servers
    balancer.acquire(0, 0)
    balancer.setHealthy(b, false, 'connect refused')
    pass(1000)
    expect(seconds[0].servers).toMatchObject([
      { id: 'a', state: 'up', reason: '', weight: 3, inflight: a.inflight },
      { id: 'b', state: 'down', reason: 'connect refused', weight: 1, inflight: b.inflight },
    ])
    expect(seconds[0]).toMatchObject({ strategy: 'weighted_round_robin', promise: 'weight' })
  })

  test('counts retries: attempts beyond the first, never fewer than none', () => {
    for (const attempts of [0, 1, 2, 3]) series.request(1, attempts, 'ok')
    pass(1000)
    series.request(1, 2, 'ok')
    expect(seconds[0].retries).toBe(3)
    expect(series.second().retries).toBe(1)
    expect(series.total().retries).toBe(4)
  })
})

describe('the total', () => {
  test('is the sum of all seconds and the present one', () => {
    const rng = new Rng(4)
    for (let step = 0; step < 55; step++) {
      for (let i = rng.int(20); i > 0; i--) serve(rng.float() * 1000, OUTCOMES[rng.int(5)])
      pass(100)
    }
    serve(7)
    expect(seconds).toHaveLength(5)
    const parts = [...seconds, series.second()]
    const total = series.total()
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
  serve(10)
  balancer.setHealthy(balancer.servers[1], false, 'timed out')
  pass(300)
  const read = [series.second(), series.total()]
  const copy = structuredClone(read)
  for (let i = 0; i < 3; i++) expect([series.second(), series.total()]).toEqual(copy)
  balancer.setHealthy(balancer.servers[1], true, '2 checks passed')
  serve(20)
  pass(300)
  expect(read).toEqual(copy)
})

describe('events', () => {
  test('tell each change of state with time and reason, at once and in their second', () => {
    const [, b] = balancer.servers
    pass(200)
    balancer.setHealthy(b, false, 'connect refused')
    pass(100)
    balancer.setHealthy(b, true, '2 checks passed')
    pass(700)
    balancer.setAdmin(b, 'drain')
    pass(1000)
    const expected = ['300 b up-down connect refused', '400 b down-up 2 checks passed']
    expect(changes(seconds[0].events)).toEqual(expected)
    expect(changes(seconds[1].events)).toEqual(['1100 b up-draining 2 checks passed'])
    expect(events).toEqual([...seconds[0].events, ...seconds[1].events])
  })

  test('are silent about a server that is full for a moment', () => {
    const [a] = balancer.servers
    balancer.setMax(a, 1)
    while (a.inflight === 0) balancer.acquire(0, 0)
    pass(100)
    balancer.release(a, 1, 'ok')
    pass(100)
    expect(events).toEqual([])
  })

  test('announce a server that comes, even if it was used or looked at before the next tick', () => {
    pass(100)
    const c = new Endpoint('c')
    balancer.add(c)
    while (serve(1) !== c) continue
    series.total()
    pass(100)
    expect(changes(events)).toEqual(['200 c gone-up '])
  })

  for (const state of ['up', 'down'] as const) {
    test(`announce a server that goes once, also one that was ${state}`, () => {
      const [, b] = balancer.servers
      balancer.setHealthy(b, state === 'up', 'as it was')
      pass(1000)
      events = []
      balancer.remove(b)
      pass(2000)
      expect(changes(events)).toEqual([`1100 b ${state}-gone as it was`])
    })
  }
})

test('everybody who listens is told everything, until they stop', () => {
  const heard: string[] = []
  const stop = series.listen({
    onSnapshot: (snapshot) => heard.push(`second ${snapshot.time}`),
    onEvent: (event) => heard.push(`${event.server} ${event.to}`),
  })
  balancer.setHealthy(balancer.servers[0], false)
  pass(1000)
  stop()
  balancer.setHealthy(balancer.servers[0], true)
  pass(1000)
  expect(heard).toEqual(['a down', 'second 1000'])
  expect([seconds.length, events.length]).toEqual([2, 2])
})

test('attemptsOf is a copy of a server’s total', () => {
  const [a] = balancer.servers
  for (let i = 0; i < 4; i++) serve(5)
  pass(1000)
  for (let i = 0; i < 4; i++) serve(5, 'timeout')
  const tally = series.attemptsOf(a)
  expect([tally.of('ok'), tally.of('timeout'), tally.latency.count]).toEqual([3, 3, 3])
  tally.clear()
  expect(series.attemptsOf(a).of('ok')).toBe(3)
  expect(series.attemptsOf(new Endpoint('stranger')).of('ok')).toBe(0)
})

describe('a server that was removed', () => {
  test('and replaced by another of the same id goes before the other comes', () => {
    balancer.remove(balancer.servers[1])
    balancer.add(new Endpoint('b'))
    pass(100)
    expect(changes(events)).toEqual(['100 b up-gone ', '100 b gone-up '])
  })

  test('is no longer listed, and its second ends with it', () => {
    const [, b] = balancer.servers
    for (let i = 0; i < 8; i++) serve(5)
    balancer.remove(b)
    pass(1000)
    expect(seconds[0].servers.map((server) => server.id)).toEqual(['a'])
    expect(seconds[0].requests.count).toBe(8) // What clients saw is not forgotten.
    expect(series.total().servers.map((server) => server.id)).toEqual(['a'])
  })

  test('may still end what it has in flight', () => {
    const [, b] = balancer.servers
    while (b.inflight === 0) balancer.acquire(0, 0)
    balancer.remove(b)
    pass(1500)
    balancer.release(b, 1500, 'ok')
    series.attempt(b, 1500, 'ok')
    series.request(1500, 1, 'ok')
    pass(1000)
    expect(series.total().requests.outcomes.ok).toBe(1)
    expect(changes(events)).toEqual(['100 b up-gone '])
  })

  test('and taken in again begins anew', () => {
    const [, b] = balancer.servers
    for (let i = 0; i < 40; i++) serve(5)
    pass(1000)
    balancer.remove(b)
    pass(1100)
    balancer.add(b)
    pass(100)
    for (let i = 0; i < 4; i++) serve(5)
    pass(1000)
    expect(changes(events)).toEqual(['1100 b up-gone ', '2200 b gone-up '])
    const total = serverOf(series.total(), 'b')
    expect(total.picks).toBe(total.attempts.count)
    expect(serverOf(seconds.at(-1)!, 'b').picks).toBeGreaterThanOrEqual(0)
    expect(serverOf(series.second(), 'b').picks).toBeGreaterThanOrEqual(0)
  })

  test('and taken in again within the second begins anew too', () => {
    const [, b] = balancer.servers
    for (let i = 0; i < 40; i++) serve(5)
    pass(1500)
    balancer.remove(b)
    pass(100)
    balancer.add(b)
    for (let i = 0; i < 4; i++) serve(5)
    pass(400)
    const picks = seconds.at(-1)!.servers.map((server) => server.picks)
    expect(picks.reduce((sum, count) => sum + count, 0)).toBe(4)
    expect(Math.min(...picks)).toBeGreaterThanOrEqual(0)
  })
})
