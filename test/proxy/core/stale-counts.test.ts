import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

function balancerOf(servers: readonly Endpoint[]): Balancer {
  const memory = new Memory(servers.length)
  const balancer = new Balancer({
    clock: new Clock(),
    rng: new Rng(1),
    strategy: findStrategy('least_connections')!,
    memory,
    seen: new Int32Array(servers.length),
  })
  for (const server of servers) balancer.add(server)
  return balancer
}

test('a strategy that sees old news does not see what it has sent since', () => {
  for (const count of [3, 100]) {
    const servers = Array.from({ length: count }, (_, i) => new Endpoint(`s${i}`))
    const balancer = balancerOf(servers)
    const first = balancer.acquire(0, 0)!
    expect(first.inflight).toBe(0)
    for (let i = 0; i < 20; i++) expect(balancer.acquire(0, 0)!.inflight).toBe(0)
    balancer.look()
    const busy = servers.filter(({ inflight }) => inflight > 0)
    expect(busy.reduce((sum, { inflight }) => sum + inflight, 0)).toBe(21)
    for (let i = 0; i < 20 && busy.length < count; i++) {
      expect(busy).not.toContain(balancer.acquire(0, 0))
    }
  }
})

test('limits go by the truth, whatever strategies see', () => {
  const servers = [new Endpoint('a', { max: 2 }), new Endpoint('b', { max: 1 })]
  const balancer = balancerOf(servers)
  const got = Array.from({ length: 3 }, () => balancer.acquire(0, 0)!.id)
  expect(got.toSorted()).toEqual(['a', 'a', 'b'])
  expect(balancer.acquire(0, 0)).toBeUndefined()
})
