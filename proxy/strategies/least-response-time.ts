import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import type { Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'

/** How long an observation counts, in milliseconds: its weight falls to 1/e in this time. Finagle and Kong use 10 s. */
const DECAY = 10_000

/**
 * Takes the server where a request would be answered soonest: average latency × (requests in flight + 1) / weight.
 *
 * The average decays with time, not with the number of samples, and falls towards 0 while a server is idle. So
 * one that had a bad burst looks better and better until it is tried again; averages over the last N samples, as in
 * Traefik's leasttime, can leave it without traffic for good (traefik/traefik issue 12306). A peak of P among servers at B
 * is forgiven after DECAY × ln(P / B): 1000 ms among 10 ms takes 46 s.
 *
 * A server never heard of counts as typical of the pool, so that a newcomer is not buried under all traffic until its first
 * answer; and for less and less, so that its turn comes even where one known server could serve everybody. A failure
 * counts as if it had taken at least the typical latency: in the average, and in the requests in flight, where it lingers
 * for that long. Without the second a server that fails at once is always idle, so always the best (among
 * ten at 400 requests a second it got 86 %); with both, failing fast attracts no more than a fair share. A client that left
 * says nothing about the server. Ties are drawn at random.
 *
 * A pick looks at every server and computes one exponential each, or two for one that fails. Memory: an average, the
 * lingering failures and their times, a server.
 */
export class LeastResponseTime implements Strategy {
  readonly name = 'least_response_time'
  private readonly clock: Clock
  private readonly rng: Rng
  /** Milliseconds, as of `stamp`. A negative `stamp`: never heard of, since that time. */
  private readonly average: Float64Array
  private readonly stamp: Float64Array
  /** Failures that would still be in flight, had they taken the typical time; as of `lingerStamp`. */
  private readonly lingering: Float64Array
  private readonly lingerStamp: Float64Array
  /**
   * Of answers that came whole, over all servers: [average, stamp, count]. It does not fall while nothing is heard, and it
   * begins as a plain mean: the first answers of all are the quickest, and would stand for typical too long.
   */
  private readonly pool: Float64Array
  private servers: readonly Endpoint[] = []

  constructor({ clock, memory, rng }: StrategyContext) {
    this.clock = clock
    this.rng = rng
    this.average = memory.floatPerSlot()
    this.stamp = memory.floatPerSlot()
    this.lingering = memory.floatPerSlot()
    this.lingerStamp = memory.floatPerSlot()
    this.pool = memory.floats(3)
  }

  update(servers: readonly Endpoint[]): void {
    const { clock, stamp } = this
    this.servers = servers
    for (const { slot } of servers) if (stamp[slot] === 0) stamp[slot] = -stampOf(clock.now)
  }

  /** Reads and never writes, but for the dice: looking ages nothing. */
  pick(): Endpoint {
    const { average, stamp, lingering, lingerStamp, rng, servers } = this
    const now = stampOf(this.clock.now)
    const typical = this.typical()
    let best = servers[0]
    let least = Infinity
    let tied = 0
    for (let i = 0; i < servers.length; i++) {
      const server = servers[i]
      const { slot } = server
      const heard = stamp[slot] > 0 ? average[slot] : typical
      // Silence speaks for a server only while nothing is asked of it: one that hangs must not look better and better.
      const fade = server.inflight > 0 ? 1 : Math.exp((Math.abs(stamp[slot]) - now) / DECAY)
      let busy = server.inflight + 1
      // On average a failure lingers for the typical latency, as a request in flight would.
      if (lingering[slot] > 0)
        busy += lingering[slot] * Math.exp((lingerStamp[slot] - now) / typical)
      // In one piece, without a function for the score: the engine may box what a function returns.
      const score = (heard * fade * busy) / server.weight
      if (score < least) {
        best = server
        least = score
        tied = 1
      } else if (score === least && rng.int(++tied) === 0) {
        best = server
      }
    }
    return best
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    if (outcome === 'aborted') return
    const { average, stamp, lingering, lingerStamp, pool } = this
    const { slot } = server
    const now = stampOf(this.clock.now)
    const typical = this.typical()
    const heard = outcome === 'ok' || latency > typical ? latency : typical
    const keep = stamp[slot] > 0 ? Math.exp((stamp[slot] - now) / DECAY) : 0
    average[slot] = average[slot] * keep + heard * (1 - keep)
    stamp[slot] = now
    if (outcome !== 'ok') {
      lingering[slot] *= Math.exp((lingerStamp[slot] - now) / typical)
      if (latency < typical) lingering[slot] += 1 - latency / typical
      lingerStamp[slot] = now
      return
    }
    const fresh = Math.max(1 - Math.exp((pool[1] - now) / DECAY), 1 / ++pool[2])
    pool[0] += (latency - pool[0]) * fresh
    pool[1] = now
  }

  /** What an answer takes in this pool, in milliseconds, and never nothing; 1 until anything is known. */
  private typical(): number {
    return this.pool[1] > 0 ? Math.max(this.pool[0], 0.001) : 1
  }
}

/** A time that is never 0, since 0 stands for "never". */
function stampOf(now: number): number {
  return now + 1
}
