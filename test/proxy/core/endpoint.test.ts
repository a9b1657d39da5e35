import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint, type EndpointOptions } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

function alone(options?: EndpointOptions): [Balancer, Endpoint] {
  const strategy = findStrategy('round_robin')!
  const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
  const server = new Endpoint('a', options)
  balancer.add(server)
  return [balancer, server]
}

test('a server that was only made is up, idle and in no balancer', () => {
  const server = new Endpoint('a')
  expect(server).toMatchObject({ id: 'a', weight: 1, max: Infinity, backup: false, slot: -1 })
  expect(server).toMatchObject({ inflight: 0, state: 'up', usable: true, reason: '' })
})

test('the operator has the last word on the state, then health, then the limit', () => {
  const [balancer, server] = alone({ max: 1 })
  balancer.acquire(0, 0)
  expect(server).toMatchObject({ state: 'full', usable: false })
  balancer.setHealthy(server, false, 'timed out')
  expect(server).toMatchObject({ state: 'down', usable: false, reason: 'timed out' })
  balancer.setAdmin(server, 'drain')
  expect(server).toMatchObject({ state: 'draining', usable: false })
  balancer.setAdmin(server, 'maint')
  expect(server).toMatchObject({ state: 'down', usable: false })
  balancer.setAdmin(server, 'ready')
  balancer.setHealthy(server, true)
  balancer.release(server, 1, 'ok')
  expect(server).toMatchObject({ state: 'up', usable: true })
})

test('a server that no check has judged is checking until the first verdict', () => {
  const [balancer, server] = alone()
  server.unproven = true
  server.healthy = false
  expect(server.state).toBe('checking')
  balancer.setHealthy(server, false, 'connect refused')
  expect(server.state).toBe('down')
})

test('weight 0 is up and gets nothing', () => {
  const [balancer, server] = alone({ weight: 0 })
  expect(server).toMatchObject({ state: 'up', usable: false })
  expect(balancer.acquire(0, 0)).toBeUndefined()
})

test('a removed server counts what it has in flight until that is done', () => {
  const [balancer, server] = alone()
  balancer.acquire(0, 0)
  balancer.remove(server)
  expect(server).toMatchObject({ removed: true, inflight: 1 })
  balancer.release(server, 1, 'ok')
  expect(server).toMatchObject({ removed: true, inflight: 0, slot: -1 })
})

test('a shadow is the same server with another weight', () => {
  const [balancer, server] = alone({ weight: 3, max: 7, backup: true })
  Object.assign(server, {
    weight: 2,
    healthReason: 'slow',
    unproven: true,
    healthy: false,
    admin: 'drain',
  })
  const shadow = server.shadow(0.5)
  expect(shadow.weight).toBe(0.5)
  shadow.weight = 2
  expect(shadow).toEqual(server)
  Object.assign(server, { healthy: true, admin: 'ready' })
  balancer.acquire(0, 0)
  expect(shadow.inflight).toBe(1)
  expect(() => server.shadow(-1)).toThrow(RangeError)
})

test('proxy-behaviour 2, three axes: the reason is the operator where it was he who took the server out', () => {
  const server = new Endpoint('b1')
  server.healthReason = '2 checks passed'
  server.admin = 'maint'
  expect([server.state, server.reason]).toEqual(['down', 'by an operator: maint'])
  server.admin = 'drain'
  expect([server.state, server.reason]).toEqual(['draining', 'by an operator'])
  server.admin = 'ready'
  expect(server.reason).toBe('2 checks passed')
})
