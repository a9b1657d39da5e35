import { Balancer } from '../../../proxy/core/balancer.ts'
import type { BalancerOptions } from '../../../proxy/core/balancer-options.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import type { EjectionOptions } from '../../../proxy/core/ejection.ts'
import { Endpoint, type EndpointOptions } from '../../../proxy/core/endpoint.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

/* A pool whose servers fail and are ejected; made by `start`. */

export const EJECTION: EjectionOptions = { consecutive: 3, base: 10_000, max: 40_000, share: 0.5 }

export let clock: Clock
export let balancer: Balancer
export let servers: Endpoint[]

export function start(
  count: number,
  options: Partial<EjectionOptions> = {},
  others: Partial<BalancerOptions> = {},
  server: EndpointOptions = {},
): void {
  clock = new Clock(1000)
  const ejection = { ...EJECTION, ...options }
  const strategy = findStrategy('round_robin')!
  balancer = new Balancer({ clock, rng: new Rng(1), strategy, ejection, ...others })
  servers = Array.from({ length: count }, (_, i) => new Endpoint(`s${i}`, server))
  for (const each of servers) balancer.add(each)
}

/** Gives this server a request, whoever else is picked before it. */
export function begin(server: Endpoint): void {
  const spare: Endpoint[] = []
  for (let i = 0; i < 100; i++) {
    const got = balancer.acquire(0, 0)!
    if (got === server) {
      for (const each of spare) balancer.release(each, 0, 'aborted')
      return
    }
    spare.push(got)
  }
  throw new Error(`${server.id} gets nothing`)
}

export function serve(server: Endpoint, ...outcomes: Outcome[]): void {
  for (const outcome of outcomes) {
    begin(server)
    balancer.release(server, 0, outcome)
  }
}

export function fail(server: Endpoint, times = 3): void {
  for (let i = 0; i < times; i++) serve(server, 'error')
}

export function wait(milliseconds: number): void {
  for (let waited = 0; waited < milliseconds; waited += 100) {
    clock.now += 100
    balancer.tick()
  }
}

/** What gets something of the next few requests, each of which fails to tell anything. */
export function getters(): string[] {
  const got = Array.from({ length: 12 }, () => balancer.acquire(0, 0)!)
  for (const server of got) balancer.release(server, 0, 'aborted')
  return [...new Set(got.map(({ id }) => id))].toSorted()
}
