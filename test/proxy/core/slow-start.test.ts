import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint, LEAST_WEIGHT } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { slowStartFactor } from '../../../proxy/core/slow-start.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

const MINUTE = { duration: 60_000, aggression: 1, floor: 0.1 }

const options = fc.record({
  duration: fc.double({ min: 1, max: 1e6, noNaN: true }),
  aggression: fc.double({ min: 0.1, max: 10, noNaN: true }),
  floor: fc.double({ min: 0, max: 1, noNaN: true }),
})

describe('the factor', () => {
  test('is Envoy’s: for a window of 60 s at 6, 15, 30 and 45 s', () => {
    const at = (aggression: number): number[] =>
      [6, 15, 30, 45].map(
        (age) => +slowStartFactor(age * 1000, { ...MINUTE, aggression }).toFixed(3),
      )
    expect(at(1)).toEqual([0.1, 0.25, 0.5, 0.75])
    expect(at(2)).toEqual([0.316, 0.5, +Math.SQRT1_2.toFixed(3), 0.866])
    expect(at(0.5)).toEqual([0.1, 0.1, 0.25, 0.563])
  })

  test('is from the floor to 1, never falls with age, and is 1 from the end of the window on', () => {
    fc.assert(
      fc.property(options, fc.double({ min: 0, max: 2, noNaN: true }), (options, part) => {
        const now = slowStartFactor(part * options.duration, options)
        const later = slowStartFactor((part + 0.01) * options.duration, options)
        expect(now).toBeGreaterThanOrEqual(options.floor)
        expect(now).toBeLessThanOrEqual(1)
        expect(later).toBeGreaterThanOrEqual(now)
        if (part >= 1) expect(now).toBe(1)
      }),
    )
  })
})

describe('a server', () => {
  const clock = new Clock()

  function pool(count: number): { balancer: Balancer; servers: Endpoint[] } {
    clock.now = 1000
    const strategy = findStrategy('weighted_round_robin')!
    const balancer = new Balancer({ clock, rng: new Rng(1), strategy, slowStart: MINUTE })
    const servers = Array.from({ length: count }, (_, i) => new Endpoint(`s${i}`, { weight: 2 }))
    for (const server of servers) balancer.add(server)
    balancer.tick()
    return { balancer, servers }
  }

  function wait(balancer: Balancer, milliseconds: number): void {
    for (let waited = 0; waited < milliseconds; waited += 100) {
      clock.now += 100
      balancer.tick()
    }
  }

  test('that is there at the start has its whole weight', () => {
    const { servers } = pool(3)
    expect(servers.map((server) => server.weight)).toEqual([2, 2, 2])
  })

  test('that comes back begins at the floor and reaches its weight at the end of the window, not before', () => {
    const { balancer, servers } = pool(3)
    balancer.setHealthy(servers[0], false)
    wait(balancer, 5000)
    balancer.setHealthy(servers[0], true)
    expect([servers[0].weight, servers[0].configuredWeight]).toEqual([0.2, 2])
    wait(balancer, 30_000)
    expect(servers[0].weight).toBeCloseTo(1, 10)
    wait(balancer, 27_000)
    expect(servers[0].weight).toBeLessThan(2)
    wait(balancer, 3000)
    expect(servers[0].weight).toBe(2)
  })

  test('that is new to a pool at work, or leaves maintenance, begins slowly too; one that was only drained does not', () => {
    const { balancer, servers } = pool(2)
    const newcomer = new Endpoint('new')
    balancer.add(newcomer)
    expect(newcomer.weight).toBe(0.1)
    balancer.setAdmin(servers[0], 'maint')
    balancer.setAdmin(servers[0], 'ready')
    expect(servers[0].weight).toBe(0.2)
    balancer.setAdmin(servers[1], 'drain')
    balancer.setAdmin(servers[1], 'ready')
    expect(servers[1].weight).toBe(2)
  })

  test('gets f / (n + f) of the requests among n others, f being its factor', () => {
    const { balancer, servers } = pool(11)
    const [late] = servers
    balancer.setHealthy(late, false)
    balancer.tick()
    balancer.setHealthy(late, true)
    wait(balancer, 30_000)
    const before = balancer.picksOf(late)
    for (let i = 0; i < 2100; i++) balancer.release(balancer.acquire(0, 0)!, 1, 'ok')
    expect(Math.abs(balancer.picksOf(late) - before - 100)).toBeLessThanOrEqual(2) // 0.5 / 10.5
  })

  test('weighs no less than strategies are built for, however low the floor', () => {
    clock.now = 1000
    const slowStart = { ...MINUTE, floor: 1e-307 }
    const strategy = findStrategy('static_stride')!
    const balancer = new Balancer({ clock, rng: new Rng(1), strategy, slowStart })
    balancer.add(new Endpoint('old'))
    balancer.tick()
    const newcomer = new Endpoint('new')
    balancer.add(newcomer)
    expect(newcomer.weight).toBe(LEAST_WEIGHT)
  })

  test('whose weight is changed on the way keeps its part of it', () => {
    const { balancer, servers } = pool(2)
    balancer.setHealthy(servers[0], false)
    balancer.setHealthy(servers[0], true)
    wait(balancer, 30_000)
    balancer.setWeight(servers[0], 8)
    expect(servers[0].weight).toBeCloseTo(4, 10)
  })

  test('that falls again on the way begins anew', () => {
    const { balancer, servers } = pool(2)
    balancer.setHealthy(servers[0], false)
    balancer.setHealthy(servers[0], true)
    wait(balancer, 30_000)
    balancer.setHealthy(servers[0], false)
    balancer.setHealthy(servers[0], true)
    expect(servers[0].weight).toBe(0.2)
  })

  test('makes tables anew once in three seconds of a minute’s window, not ten times a second', () => {
    const { balancer, servers } = pool(2)
    let updates = 0
    const update = balancer.strategy.update.bind(balancer.strategy)
    balancer.strategy.update = (all) => (updates++, update(all))
    balancer.setHealthy(servers[0], false)
    balancer.setHealthy(servers[0], true)
    wait(balancer, 60_000)
    expect(updates).toBe(1 + 20)
    wait(balancer, 60_000)
    expect(updates).toBe(21)
  })
})
