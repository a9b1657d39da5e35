import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { balancer, fail, getters, serve, servers, start, wait } from './ejection-pool.ts'

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

test('whatever happens, the floors hold, and nobody is ejected without enough failures in a row', () => {
  const step = fc.tuple(
    fc.nat(4),
    fc.constantFrom<Outcome[]>('error', 'error', 'timeout', 'ok', 'aborted'),
  )
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.constantFrom(0.2, 0.4, 1),
      (steps, share) => {
        start(5, { share })
        const most = Math.min(4, share * 5)
        const streaks = new Map<Endpoint, number>()
        for (const [pause, outcome] of steps) {
          if (pause === 0) wait(2000)
          const server = balancer.acquire(0, 0)!
          const before = server.standing
          expect(['good', 'probation']).toContain(before)
          balancer.release(server, 0, outcome)
          balancer.tick()
          const streak = (streaks.get(server) ?? 0) + (outcome === 'aborted' ? 0 : 1)
          streaks.set(server, outcome === 'ok' ? 0 : streak)
          const out = servers.filter(({ standing }) => standing !== 'good').length
          expect(out).toBeLessThanOrEqual(most)
          if (outcome === 'ok') expect(server.standing).toBe('good')
          else if (outcome === 'aborted') expect(server.standing).toBe(before)
          else if (before === 'probation') expect(server.standing).toBe('ejected')
          else if (streak < 3) expect(server.standing).toBe('good')
          else if (server.standing === 'good') expect(out).toBe(most) // There was no room for one more.
        }
      },
    ),
    { numRuns: 200 },
  )
})
