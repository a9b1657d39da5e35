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
  const steered: Pick<Steered, 'attemptsAt'> = { attemptsAt: () => Promise.resolve(seen) }
  const drain = await drainOf(steered as Steered, server)
  expect(drain.inFlight).toBe(inFlight)
  // Known to 0.78 %, and rounded up.
  expect(Math.abs(drain.probablyEndsIn! - ends)).toBeLessThanOrEqual(1)
})
