import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { SILENT } from '../../../proxy/core/report.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

interface Answer {
  /** After how many milliseconds it comes. */
  latency: number
  outcome: Outcome
}

/** How a server answers a request that comes at `now`. */
export type Behaviour = (now: number, rng: Rng) => Answer

interface Pending extends Answer {
  server: Endpoint
  due: number
}

/**
 * Just enough of a world to watch a strategy in: requests at random times, servers without queues, one balancer. Time is
 * virtual, chance is seeded.
 */
export class VirtualWorld {
  readonly clock = new Clock(1_000_000)
  readonly balancer: Balancer
  private readonly behaviours = new Map<Endpoint, Behaviour>()
  private readonly arrivals: Rng
  private readonly work: Rng
  /** Soonest last. */
  private readonly pending: Pending[] = []
  /** Who is to say how it is. */
  private asked: Endpoint[] = []
  /** What the last answer of each took. */
  private readonly took = new Map<Endpoint, number>()

  constructor(strategy: string, seed: number) {
    const rng = new Rng(seed)
    this.arrivals = rng.fork('arrivals')
    this.work = rng.fork('work')
    const entry = findStrategy(strategy)!
    const ask = (server: Endpoint): void => void this.asked.push(server)
    this.balancer = new Balancer({ clock: this.clock, rng, strategy: entry, ask })
  }

  add(server: Endpoint, behaviour: Behaviour): void {
    this.balancer.add(server)
    this.behaves(server, behaviour)
  }

  behaves(server: Endpoint, behaviour: Behaviour): void {
    this.behaviours.set(server, behaviour)
  }

  /** Runs for `seconds` at `rate` requests a second, and says how many requests each server was given. */
  run(seconds: number, rate: number): Map<Endpoint, number> {
    const { arrivals, balancer, behaviours, clock, work } = this
    const counts = new Map(balancer.servers.map((server) => [server, 0]))
    const end = clock.now + seconds * 1000
    for (;;) {
      const next = clock.now - (Math.log(1 - arrivals.float()) * 1000) / rate
      this.settleUntil(Math.min(next, end))
      if (next > end) return counts
      clock.now = next
      const server = balancer.acquire(0, 0)!
      counts.set(server, counts.get(server)! + 1)
      this.report()
      const answer = behaviours.get(server)!(next, work)
      this.pending.push({ ...answer, server, due: next + answer.latency })
      this.pending.sort((a, b) => b.due - a.due)
    }
  }

  /** Those who were asked answer at once. */
  private report(): void {
    const { asked, balancer, took } = this
    this.asked = []
    for (const server of asked) {
      const latency = took.get(server) ?? NaN
      balancer.heard(server, { ...SILENT, inflight: server.inflight, latency })
    }
  }

  private settleUntil(time: number): void {
    const { balancer, clock, pending } = this
    while (pending.length > 0 && pending.at(-1)!.due <= time) {
      const { server, due, latency, outcome } = pending.pop()!
      clock.now = due
      this.took.set(server, latency)
      balancer.release(server, latency, outcome)
    }
    clock.now = time
  }
}

/** Answers well, after a time that is exponentially distributed. */
export function good(mean: number): Behaviour {
  return (_, rng) => ({ latency: -Math.log(1 - rng.float()) * mean, outcome: 'ok' })
}

/** Always the same. */
export function always(latency: number, outcome: Outcome = 'ok'): Behaviour {
  return () => ({ latency, outcome })
}

/** The share of all requests that a server was given. */
export function shareOf(counts: ReadonlyMap<Endpoint, number>, server: Endpoint): number {
  let total = 0
  for (const count of counts.values()) total += count
  return counts.get(server)! / total
}
