import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { First } from '../../../proxy/strategies/first.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { picks, Pool, tally } from './pool.ts'

test('the first of the list gets everything, whatever weight and load', () => {
  const pool = new Pool([1, 100, 100], [50, 0, 0])
  const strategy = new First()
  strategy.update(pool.servers)
  expect(tally(pool.servers, picks(strategy, 10))).toEqual([10, 0, 0])
})

test('within a balancer one server after the other fills up, and room is used from the front', () => {
  const strategy = findStrategy('first')!
  const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
  for (const id of ['a', 'b', 'c']) balancer.add(new Endpoint(id, { max: 2 }))
  const acquire = (): string | undefined => balancer.acquire(0, 0)?.id
  expect(Array.from({ length: 7 }, acquire)).toEqual(['a', 'a', 'b', 'b', 'c', 'c', undefined])
  balancer.release(balancer.servers[1], 1, 'ok')
  balancer.release(balancer.servers[0], 1, 'ok')
  expect([acquire(), acquire(), acquire()]).toEqual(['a', 'b', undefined])
})

test('one that is down is passed over, and gets everything again when it is back', () => {
  const strategy = findStrategy('first')!
  const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
  for (const id of ['a', 'b', 'c']) balancer.add(new Endpoint(id))
  balancer.setHealthy(balancer.servers[0], false)
  expect(balancer.acquire(0, 0)?.id).toBe('b')
  balancer.setHealthy(balancer.servers[0], true)
  expect(balancer.acquire(0, 0)?.id).toBe('a')
})
