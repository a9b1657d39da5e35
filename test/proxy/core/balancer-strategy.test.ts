import { describe, expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import type { StrategyFactory } from '../../../proxy/core/strategy.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

function balance(name: string, weights: readonly number[]): Balancer {
  const strategy = findStrategy(name)!
  const balancer = new Balancer({ clock: new Clock(0), rng: new Rng(1), strategy })
  weights.forEach((weight, i) => balancer.add(new Endpoint(`s${i}`, { weight })))
  return balancer
}

describe('a strategy that takes over', () => {
  test('finds requests in flight as they are, and is told when they end', () => {
    const balancer = balance('round_robin', [1, 1, 1])
    const open = [balancer.acquire(0, 0)!, balancer.acquire(0, 0)!]
    balancer.useStrategy(findStrategy('least_connections')!)
    const third = balancer.acquire(0, 0)!
    expect(open).not.toContain(third)
    for (const server of [...open, third]) balancer.release(server, 5, 'ok')
    expect(balancer.servers.map((server) => server.inflight)).toEqual([0, 0, 0])
    expect(balancer.strategy.name).toBe('least_connections')
  })

  test('is measured by its own promise from then on', () => {
    const balancer = balance('round_robin', [3, 1])
    for (let i = 0; i < 8; i++) balancer.release(balancer.acquire(0, 0)!, 1, 'ok')
    balancer.useStrategy(findStrategy('weighted_round_robin')!)
    for (let i = 0; i < 8; i++) balancer.release(balancer.acquire(0, 0)!, 1, 'ok')
    balancer.tick()
    expect(balancer.promise).toBe('weight')
    expect(balancer.servers.map((server) => balancer.dueOf(server))).toEqual([4 + 6, 4 + 2])
    expect(balancer.servers.map((server) => balancer.picksOf(server))).toEqual([10, 6])
  })

  test('changes nothing if it cannot be made', () => {
    const balancer = balance('round_robin', [1, 1])
    const before = balancer.strategy
    const create = (): never => {
      throw new Error('no')
    }
    const broken: StrategyFactory = { promise: 'weight', create }
    expect(() => balancer.useStrategy(broken)).toThrow('no')
    expect([balancer.strategy, balancer.promise]).toEqual([before, 'equal'])
    expect(balancer.acquire(0, 0)).toBeDefined()
  })
})
