import { expect, test } from 'vitest'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Tally } from '../../../proxy/core/tally.ts'
import { drainOf } from '../../../proxy/control/drain.ts'
import type { Steered } from '../../../proxy/control/steered.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

test.each([
  [0, 0],
  [1, 50],
  [3, 75],
  [9, 90],
])('the longest of %i in flight takes as long as n of n + 1 do: %i ms', async (inFlight, ends) => {
  const strategy = findStrategy('round_robin')!
  const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
  const server = new Endpoint('a')
  balancer.add(server)
  for (let i = 0; i < inFlight; i++) balancer.acquire(0, 0)
  const seen = new Tally()
  for (let latency = 1; latency <= 100; latency++) seen.record(latency, 'ok')
  const steered: Pick<Steered, 'workAt'> = {
    workAt: () => Promise.resolve({ attempts: seen, tunnels: 0, tunnelDrain: 0 }),
  }
  const drain = await drainOf(steered, server, 0)
  expect(drain.inFlight).toBe(inFlight)
  // Known to 0.78 %, and rounded up.
  expect(Math.abs(drain.probablyEndsIn! - ends)).toBeLessThanOrEqual(1)
})

test('with tunnels it is the time when they are cut, however fast answers are', async () => {
  const strategy = findStrategy('round_robin')!
  const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
  const server = new Endpoint('a')
  balancer.add(server)
  balancer.acquire(0, 0)
  const attempts = new Tally()
  attempts.record(1, 'ok')
  const steered = { workAt: () => Promise.resolve({ attempts, tunnels: 1, tunnelDrain: 5000 }) }
  expect((await drainOf(steered, server, 1000)).probablyEndsIn).toBe(4000)
  expect(await drainOf(steered, server, 9000)).toEqual({
    inFlight: 1,
    tunnels: 1,
    probablyEndsIn: 0,
  })
})
