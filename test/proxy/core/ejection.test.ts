import { beforeEach, describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import {
  balancer,
  begin,
  clock,
  fail,
  getters,
  serve,
  servers,
  start,
  wait,
} from './ejection-pool.ts'

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

  test('leaves intent and active health alone; checks that fail and pass again end its time, not its probation', () => {
    fail(servers[0])
    balancer.setHealthy(servers[0], false, 'check failed')
    balancer.tick()
    expect([servers[0].state, servers[0].reason]).toEqual(['down', 'check failed'])
    balancer.setHealthy(servers[0], true, '2 checks passed')
    balancer.tick()
    expect(servers[0].state).toBe('checking')
    balancer.setAdmin(servers[0], 'drain')
    expect(servers[0].state).toBe('draining')
    balancer.setAdmin(servers[0], 'ready')
    expect(getters()).toEqual(['s0', 's1', 's2', 's3'])
    fail(servers[0], 1)
    balancer.setHealthy(servers[0], true, '1 more check passed') // It was well: nothing has changed.
    balancer.tick()
    expect(servers[0].state).toBe('ejected')
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
    // Those that are as long by the rule are drawn apart.
    expect(new Set(times.slice(3)).size).toBeGreaterThan(1)
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
