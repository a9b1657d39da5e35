import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import type { BalancerOptions } from '../../../proxy/core/balancer-options.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint, type EndpointOptions } from '../../../proxy/core/endpoint.ts'
import { hash32 } from '../../../proxy/core/hash.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

const KEYS = Array.from({ length: 1000 }, (_, i) => hash32(`client ${i}`))

function pool(
  servers: readonly EndpointOptions[],
  strategy = 'round_robin',
  options: Partial<BalancerOptions> = {},
): Balancer {
  const clock = new Clock(1000)
  const balancer = new Balancer({
    clock,
    rng: new Rng(1),
    strategy: findStrategy(strategy)!,
    ...options,
  })
  servers.forEach((server, i) => balancer.add(new Endpoint(`s${i}`, server)))
  return balancer
}

function homes({ sessions }: Balancer): (string | undefined)[] {
  return KEYS.map((key) => sessions.homeOf(key)?.id)
}

/** Those whose home is another one, from where to where. */
function moves(before: (string | undefined)[], after: (string | undefined)[]): Set<string> {
  return new Set(before.flatMap((id, i) => (id === after[i] ? [] : [`${id} → ${after[i]}`])))
}

describe('proxy-behaviour 2, stickiness: the home of a key', () => {
  test('is the same while the pool is, whatever is asked, picked and ended meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 999 }), { maxLength: 50 }),
        (weights, order) => {
          const balancer = pool(weights.map((weight) => ({ weight, max: 2 })))
          const before = homes(balancer)
          for (const i of order) {
            const server = balancer.acquire(KEYS[i], 0)
            if (server !== undefined && i % 3 > 0) balancer.release(server, 1, 'ok')
          }
          balancer.tick()
          expect(homes(balancer)).toEqual(before)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('moves only if its server leaves, and then to all others', () => {
    const balancer = pool([{}, {}, {}, {}])
    const before = homes(balancer)
    balancer.remove(balancer.servers[1])
    expect(moves(before, homes(balancer))).toEqual(new Set(['s1 → s0', 's1 → s2', 's1 → s3']))
  })

  test('moves to a server that comes for one key in n + 1, and for no other', () => {
    const balancer = pool([{}, {}, {}])
    const before = homes(balancer)
    balancer.add(new Endpoint('new'))
    const after = homes(balancer)
    const moved = moves(before, after)
    expect(moved).toEqual(new Set(['s0 → new', 's1 → new', 's2 → new']))
    const share = after.filter((id) => id === 'new').length / KEYS.length
    expect(Math.abs(share - 1 / 4)).toBeLessThan(0.055) // Four standard deviations.
  })

  test('is elsewhere while its server is down, drains, weighs nothing or is ejected, and there again after', () => {
    const balancer = pool([{}, {}, {}])
    const before = homes(balancer)
    const [, server] = balancer.servers
    const away = new Set(['s1 → s0', 's1 → s2'])
    balancer.setHealthy(server, false)
    expect(moves(before, homes(balancer))).toEqual(away)
    balancer.setHealthy(server, true)
    expect(homes(balancer)).toEqual(before)
    balancer.setAdmin(server, 'drain')
    expect(moves(before, homes(balancer))).toEqual(away)
    balancer.setAdmin(server, 'ready')
    balancer.setWeight(server, 0)
    expect(moves(before, homes(balancer))).toEqual(away)
    balancer.setWeight(server, 1)
    expect(homes(balancer)).toEqual(before)
  })

  test('stays where it is while its server is full', () => {
    const balancer = pool([{ max: 1 }, { max: 1 }])
    const before = homes(balancer)
    balancer.acquire(0, 0)
    balancer.acquire(0, 0)
    expect(homes(balancer)).toEqual(before)
  })

  test('is no backup while somebody else is there, and nobody where nobody is', () => {
    const balancer = pool([{}, { backup: true }])
    expect(new Set(homes(balancer))).toEqual(new Set(['s0']))
    balancer.setHealthy(balancer.servers[0], false)
    expect(new Set(homes(balancer))).toEqual(new Set(['s1']))
    balancer.setHealthy(balancer.servers[1], false)
    expect(new Set(homes(balancer))).toEqual(new Set([undefined]))
  })

  test('follows weights: each server has its share of the keys', () => {
    const balancer = pool([{ weight: 3 }, { weight: 1 }])
    const share = homes(balancer).filter((id) => id === 's0').length / KEYS.length
    expect(Math.abs(share - 3 / 4)).toBeLessThan(0.055)
  })
})

describe('proxy-behaviour 2, stickiness: a server where a session is', () => {
  test('is acquired up to its limit, and given back like any other', () => {
    const balancer = pool([{ max: 2 }, {}])
    const { servers, sessions } = balancer
    const [server] = servers
    expect([0, 1, 2].map(() => sessions.acquire(server, 0))).toEqual([true, true, false])
    expect([server.inflight, sessions.keeps(server)]).toEqual([2, true])
    balancer.release(server, 1, 'ok')
    expect([sessions.acquire(server, 0), server.inflight]).toEqual([true, 2])
  })

  test('keeps it while it drains, weighs nothing or is a backup, but not in maintenance, down or removed', () => {
    const balancer = pool([{}, {}, { backup: true }])
    const { sessions } = balancer
    const [server, , backup] = balancer.servers
    expect(sessions.acquire(backup, 0)).toBe(true)
    balancer.setAdmin(server, 'drain')
    expect([sessions.acquire(server, 0), balancer.acquire(0, 0)?.id]).toEqual([true, 's1'])
    balancer.setWeight(server, 0)
    expect(sessions.acquire(server, 0)).toBe(true)
    balancer.setAdmin(server, 'maint')
    expect([sessions.keeps(server), sessions.acquire(server, 0)]).toEqual([false, false])
    balancer.setAdmin(server, 'ready')
    balancer.setHealthy(server, false)
    expect(sessions.acquire(server, 0)).toBe(false)
    balancer.setHealthy(server, true)
    balancer.remove(server)
    expect(sessions.acquire(server, 0)).toBe(false)
    expect(server.inflight).toBe(2)
  })

  test('does not keep it while it is ejected, and has one request of it as its trial', () => {
    const clock = new Clock(1000)
    const ejection = { consecutive: 1, base: 1000, max: 1000, share: 0.5 }
    const balancer = pool([{}, {}], 'round_robin', { clock, ejection })
    const { servers, sessions } = balancer
    const [server] = servers
    expect(sessions.acquire(server, 0)).toBe(true)
    balancer.release(server, 1, 'refused')
    expect(sessions.acquire(server, 0)).toBe(false)
    clock.now += 1500
    balancer.tick()
    expect([sessions.acquire(server, 0), sessions.acquire(server, 0)]).toEqual([true, false])
    balancer.release(server, 0, 'ok')
    expect(sessions.acquire(server, 0)).toBe(true)
  })

  test('keeps it in a panic, when health is ignored, unless no check has judged it yet', () => {
    const balancer = pool([{}, {}, {}], 'round_robin', { panic: 0.5 })
    const { servers, sessions } = balancer
    for (const server of servers) balancer.setHealthy(server, false)
    expect([sessions.acquire(servers[0], 0), balancer.panicPicks]).toEqual([true, 1])
    servers[1].unproven = true
    expect(sessions.keeps(servers[1])).toBe(false)
  })

  test('takes no turn of the strategy, and is counted as due: others get exactly what they would', () => {
    for (const strategy of ['round_robin', 'weighted_round_robin', 'static_stride', 'edf']) {
      const [plain, sticky] = [0, 1].map(() => pool([{}, {}, {}], strategy))
      const picks = (balancer: Balancer, stick: boolean): string[] =>
        Array.from({ length: 12 }, (_, i) => {
          if (stick && i % 2 === 0) balancer.sessions.acquire(balancer.servers[1], 0)
          return balancer.acquire(0, 0)!.id
        })
      expect(picks(sticky, true)).toEqual(picks(plain, false))
      sticky.tick()
      const counts = sticky.servers.map((server) => [
        sticky.picksOf(server),
        Math.round(sticky.dueOf(server) * 1e6) / 1e6,
      ])
      expect(counts).toEqual([
        [4, 4],
        [10, 10],
        [4, 4],
      ])
      const { picks: by } = sticky.choices.of(sticky.servers[1])
      expect(by).toEqual({ sticky: 6, [strategy]: 4 })
    }
  })
})
