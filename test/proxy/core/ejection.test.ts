import { beforeEach, describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import type { BalancerOptions } from '../../../proxy/core/balancer-options.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import type { EjectionOptions } from '../../../proxy/core/ejection.ts'
import { Endpoint, type EndpointOptions } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

const EJECTION: EjectionOptions = { consecutive: 3, base: 10_000, max: 40_000, share: 0.5 }

let clock: Clock
let balancer: Balancer
let servers: Endpoint[]

function start(
  count: number,
  options: Partial<EjectionOptions> = {},
  others: Partial<BalancerOptions> = {},
  server: EndpointOptions = {},
): void {
  clock = new Clock(1000)
  const ejection = { ...EJECTION, ...options }
  const strategy = findStrategy('round_robin')!
  balancer = new Balancer({ clock, rng: new Rng(1), strategy, ejection, ...others })
  servers = Array.from({ length: count }, (_, i) => new Endpoint(`s${i}`, server))
  for (const each of servers) balancer.add(each)
}

/** Gives this server a request, whoever else is picked before it. */
function begin(server: Endpoint): void {
  const spare: Endpoint[] = []
  for (let i = 0; i < 100; i++) {
    const got = balancer.acquire(0, 0)!
    if (got === server) {
      for (const each of spare) balancer.release(each, 0, 'aborted')
      return
    }
    spare.push(got)
  }
  throw new Error(`${server.id} gets nothing`)
}

function serve(server: Endpoint, ...outcomes: Outcome[]): void {
  for (const outcome of outcomes) {
    begin(server)
    balancer.release(server, 0, outcome)
  }
}

function fail(server: Endpoint, times = 3): void {
  for (let i = 0; i < times; i++) serve(server, 'error')
}

function wait(milliseconds: number): void {
  for (let waited = 0; waited < milliseconds; waited += 100) {
    clock.now += 100
    balancer.tick()
  }
}

/** What gets something of the next few requests, each of which fails to tell anything. */
function getters(): string[] {
  const got = Array.from({ length: 12 }, () => balancer.acquire(0, 0)!)
  for (const server of got) balancer.release(server, 0, 'aborted')
  return [...new Set(got.map(({ id }) => id))].toSorted()
}

describe('ejection', () => {
  beforeEach(() => start(4))

  test('comes with so many failures in a row, of whatever kind, and says why', () => {
    serve(servers[0], 'error', 'refused')
    expect(servers[0].state).toBe('up')
    serve(servers[0], 'timeout')
    balancer.tick()
    expect(servers[0].state).toBe('ejected')
    expect(servers[0].reason).toMatch(/^3 failures in a row \(timeout\), back in (9|10) s$/)
    expect(getters()).toEqual(['s1', 's2', 's3'])
    wait(3000)
    expect(servers[0].reason).toMatch(/ back in [67] s$/)
  })

  test('starts to count anew with every success, and does not count clients that leave', () => {
    serve(servers[0], 'error', 'error', 'ok', 'error', 'error')
    serve(servers[0], 'aborted', 'aborted')
    balancer.tick()
    expect(servers[0].state).toBe('up')
    serve(servers[0], 'error')
    balancer.tick()
    expect(servers[0].state).toBe('ejected')
  })

  test('takes effect with the very next request', () => {
    fail(servers[0])
    expect(getters()).not.toContain('s0')
  })

  test('is one, however many requests were in flight when the server died', () => {
    for (let i = 0; i < 12; i++) begin(servers[0])
    clock.now += 100
    for (let i = 0; i < 12; i++) balancer.release(servers[0], 100, 'error')
    wait(10_000)
    expect(servers[0].reason).toMatch(/^3 failures in a row \(error\), one request at a time/)
  })

  test('leaves intent and active health alone, and they it', () => {
    fail(servers[0])
    balancer.setHealthy(servers[0], false, 'check failed')
    balancer.tick()
    expect([servers[0].state, servers[0].reason]).toEqual(['down', 'check failed'])
    balancer.setHealthy(servers[0], true, '2 checks passed')
    expect(servers[0].state).toBe('ejected')
    balancer.setAdmin(servers[0], 'drain')
    expect(servers[0].state).toBe('draining')
    balancer.setAdmin(servers[0], 'ready')
    expect(getters()).toEqual(['s1', 's2', 's3'])
  })

  test('is not remembered of whoever gets the slot next', () => {
    fail(servers[0])
    balancer.tick()
    balancer.remove(servers[0])
    const heir = new Endpoint('heir')
    balancer.add(heir)
    balancer.tick()
    expect([heir.slot, heir.state, heir.reason]).toEqual([0, 'up', ''])
    balancer.add(servers[0])
    balancer.tick()
    expect(servers[0].state).toBe('up')
  })
})

describe('time out', () => {
  /** How long it lasts: until the first tick that finds the server on probation. */
  function timeOut(server: Endpoint): number {
    balancer.tick()
    expect(server.state).toBe('ejected')
    const since = clock.now
    while (server.state === 'ejected') wait(100)
    return clock.now - since
  }

  test('is base × n up to the longest, and a tenth less at the most', () => {
    start(2)
    fail(servers[0])
    const times = [timeOut(servers[0])]
    for (let n = 2; n <= 7; n++) {
      serve(servers[0], 'error') // One failed trial suffices.
      times.push(timeOut(servers[0]))
    }
    const most = [10, 20, 30, 40, 40, 40, 40].map((seconds) => seconds * 1000)
    for (const [i, time] of times.entries()) {
      expect(time).toBeGreaterThan(most[i] * 0.9)
      expect(time).toBeLessThanOrEqual(most[i] + 100)
    }
    expect(new Set(times).size).toBeGreaterThan(3)
    expect(servers[0].reason).toBe('failed again (error), one request at a time is tried')
  })

  /** Ejected n times, then good for `calm`: how long is it out the next time, in bases? */
  test.each([
    [0, 0, 1],
    [1, 5000, 2],
    [1, 10_100, 1],
    [3, 9000, 4],
    [3, 20_100, 2],
    [3, 300_000, 1],
  ])('after %i and %i ms that went well is %i times as long as the first', (n, calm, factor) => {
    start(2, { max: 1e6 })
    for (let i = 0; i < n; i++) {
      if (i === 0) fail(servers[0])
      else serve(servers[0], 'error')
      timeOut(servers[0])
    }
    serve(servers[0], 'ok')
    clock.now += calm
    fail(servers[0])
    const bases = timeOut(servers[0]) / 10_000
    expect(bases).toBeGreaterThan(0.9 * factor)
    expect(bases).toBeLessThanOrEqual(factor + 0.011)
  })
})

describe('probation', () => {
  beforeEach(() => {
    start(4)
    fail(servers[0])
    wait(10_000)
  })

  test('gives the server one request at a time, and its share again after one success', () => {
    expect(servers[0].state).toBe('checking')
    begin(servers[0])
    expect(getters()).toEqual(['s1', 's2', 's3'])
    balancer.release(servers[0], 0, 'ok')
    expect(getters()).toEqual(['s0', 's1', 's2', 's3'])
    balancer.tick()
    expect([servers[0].state, servers[0].reason]).toEqual(['up', 'a request succeeded'])
    fail(servers[0], 2)
    balancer.tick()
    expect(servers[0].state).toBe('up')
  })

  test('begins again with nothing learned when the client of that request leaves', () => {
    begin(servers[0])
    balancer.release(servers[0], 0, 'aborted')
    expect(getters()).toContain('s0')
    expect(servers[0].state).toBe('checking')
  })

  test('does not mistake what began before it for its trial', () => {
    start(4)
    begin(servers[0])
    begin(servers[0])
    fail(servers[0])
    wait(10_000)
    begin(servers[0])
    balancer.release(servers[0], 10_000, 'ok')
    balancer.release(servers[0], 10_000, 'aborted')
    expect(getters()).not.toContain('s0')
    balancer.release(servers[0], 0, 'ok')
    expect(getters()).toContain('s0')
  })

  test('lets another try when a trial takes longer than `base`, and believes the first still', () => {
    begin(servers[0])
    wait(9900)
    expect(getters()).not.toContain('s0')
    wait(100)
    expect(getters()).toContain('s0')
    balancer.release(servers[0], 10_000, 'ok')
    balancer.tick()
    expect(servers[0].state).toBe('up')
  })

  test('is followed by slow start', () => {
    const slowStart = { duration: 60_000, aggression: 1, floor: 0.1 }
    start(4, {}, { slowStart })
    fail(servers[0])
    wait(10_000)
    expect(servers[0].weight).toBe(1)
    serve(servers[0], 'ok')
    balancer.tick()
    expect(servers[0].weight).toBe(0.1)
    wait(60_000)
    expect(servers[0].weight).toBe(1)
  })

  test('is over for the server that is the last: there is nobody else to ask', () => {
    for (const server of servers.slice(1)) balancer.setHealthy(server, false)
    begin(servers[0])
    begin(servers[0])
    balancer.release(servers[0], 0, 'error')
    begin(servers[0])
  })
})

describe('the floors', () => {
  function ejected(): number {
    balancer.tick()
    return servers.filter(({ standing }) => standing !== 'good').length
  }

  test.each([
    [1, 0.5, 0],
    [2, 0.5, 1],
    [3, 0.5, 1],
    [4, 0.5, 2],
    [10, 0.3, 3],
    [10, 0.05, 1],
    [10, 1, 9],
    [20, 0.55, 11],
    [10, 0, 0],
  ])('of %i servers with a share of %d no more than %i are out', (count, share, most) => {
    start(count, { share })
    for (const server of [...servers, ...servers]) {
      if (server.standing === 'good') fail(server)
      balancer.tick()
    }
    expect(ejected()).toBe(most)
  })

  test('count those on probation as out, and those whom operators took out not at all', () => {
    start(6)
    balancer.setAdmin(servers[5], 'maint')
    balancer.setWeight(servers[4], 0)
    fail(servers[0])
    fail(servers[1])
    fail(servers[2])
    expect(ejected()).toBe(2)
    wait(10_000)
    fail(servers[2])
    expect(ejected()).toBe(2)
    serve(servers[0], 'ok')
    fail(servers[2], 1) // It had failed three times already.
    expect(ejected()).toBe(2)
    expect(servers[2].state).toBe('ejected')
  })

  test('never take the last that checks have left, but may take the last that is no backup', () => {
    start(3, { share: 1 })
    balancer.setHealthy(servers[1], false)
    balancer.setHealthy(servers[2], false)
    fail(servers[0], 10)
    expect(ejected()).toBe(0)
    const backup = new Endpoint('backup', { backup: true })
    balancer.add(backup)
    fail(servers[0], 1)
    expect(ejected()).toBe(1)
    expect(getters()).toEqual(['backup'])
  })

  test('give traffic to those who are out when checks have taken down all others', () => {
    start(3)
    fail(servers[0])
    balancer.setHealthy(servers[1], false)
    balancer.setHealthy(servers[2], false)
    expect(getters()).toEqual(['s0'])
    balancer.setHealthy(servers[2], true)
    expect(getters()).toEqual(['s2'])
  })
})

describe('threads', () => {
  let clocks: Clock[]
  let balancers: Balancer[]

  beforeEach(() => {
    const buffer = new SharedArrayBuffer(16_384)
    clocks = []
    balancers = [0, 1].map((thread) => {
      const clock = new Clock(1000)
      clocks.push(clock)
      const memory = new Memory(4, { buffer, thread, threads: 2 })
      const strategy = findStrategy('round_robin')!
      const slowStart = { duration: 60_000, aggression: 1, floor: 0.1 }
      const made = new Balancer({
        clock,
        rng: new Rng(1),
        strategy,
        memory,
        ejection: EJECTION,
        slowStart,
      })
      for (const id of ['a', 'b', 'c']) made.add(new Endpoint(id))
      made.tick()
      return made
    })
  })

  function states(id: string): string[] {
    return balancers.map((each) => each.servers.find((server) => server.id === id)!.state)
  }

  function serveIn(thread: number, id: string, outcome: Outcome): void {
    const balancer = balancers[thread]
    for (;;) {
      const server = balancer.acquire(0, 0)!
      balancer.release(server, 0, server.id === id ? outcome : 'aborted')
      if (server.id === id) return
    }
  }

  test('count together, eject together, try one request together, and welcome it back together', () => {
    serveIn(0, 'a', 'error')
    serveIn(1, 'a', 'error')
    serveIn(0, 'a', 'error')
    for (const balancer of balancers) balancer.tick()
    expect(states('a')).toEqual(['ejected', 'ejected'])
    for (const clock of clocks) clock.now += 10_000
    balancers[1].tick()
    balancers[0].tick()
    expect(states('a')).toEqual(['checking', 'checking'])
    const all = [0, 1, 0, 1, 0, 1, 0, 1].map((thread) => balancers[thread].acquire(0, 0)!)
    const trials = all.filter(({ id }) => id === 'a')
    expect(trials).toHaveLength(1)
    const tried = all.indexOf(trials[0]) % 2
    balancers[tried].release(trials[0], 0, 'ok')
    for (const balancer of balancers) balancer.tick()
    expect(states('a')).toEqual(['up', 'up'])
    const weights = balancers.map((each) => each.servers.find(({ id }) => id === 'a')!.weight)
    expect(weights).toEqual([0.1, 0.1])
  })
})
