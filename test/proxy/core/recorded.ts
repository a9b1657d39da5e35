import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Series } from '../../../proxy/core/series.ts'
import type { ServerSnapshot, Snapshot, StateEvent } from '../../../proxy/core/snapshot.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

/** Two servers, a of weight 3 and b of weight 1, in turn by weight, and everything their series told. */
export class Recorded {
  readonly clock = new Clock(5_000_000)
  readonly balancer: Balancer
  readonly series: Series
  readonly seconds: Snapshot[] = []
  readonly events: StateEvent[] = []

  constructor() {
    const strategy = findStrategy('weighted_round_robin')!
    this.balancer = new Balancer({ clock: this.clock, rng: new Rng(1), strategy })
    this.balancer.add(new Endpoint('a', { weight: 3 }))
    this.balancer.add(new Endpoint('b'))
    this.series = new Series(this.clock, this.balancer)
    this.series.listen({
      onSnapshot: (snapshot) => this.seconds.push(snapshot),
      onEvent: (event) => this.events.push(event),
    })
  }

  /** Lets time pass, with a tick every 100 ms. */
  pass(time: number): void {
    const { balancer, clock, series } = this
    for (const end = clock.now + time; clock.now < end;) {
      clock.now += 100
      balancer.tick()
      series.tick(balancer.servers)
    }
  }

  /** One request with one attempt. */
  serve(latency: number, outcome: Outcome = 'ok'): Endpoint {
    const server = this.balancer.acquire(0, 0)!
    this.balancer.release(server, latency, outcome)
    this.series.attempt(server, latency, outcome)
    this.series.request(latency, 1, outcome)
    return server
  }

  /** The events, as `time server from-to reason`. */
  get changes(): string[] {
    return this.events.map(describeEvent)
  }
}

export function describeEvent({ time, server, from, to, reason }: StateEvent): string {
  return `${time} ${server} ${from}-${to} ${reason}`
}

export function serverOf(snapshot: Snapshot, id: string): ServerSnapshot {
  return snapshot.servers.find((server) => server.id === id)!
}
