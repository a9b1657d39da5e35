import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { power, raise } from '../core/exponential.ts'
import { duration, type ValuesOf } from '../core/options.ts'
import type { Outcome } from '../core/recorder.ts'
import type { Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import { stampOf, Typical } from '../core/typical.ts'
import type { Sight, Words } from '../core/sight.ts'
import { TIED, UNKNOWN } from '../core/sight.ts'

export const LEAST_RESPONSE_TIME_OPTIONS = {
  decay: duration(10_000, 'how long an answer counts: its weight falls to 1/e'),
}

const WORDS: Words = {
  strategy: 'least_response_time',
  score: 'average latency, faded × (requests in flight and failures + 1) / weight',
  best: 'lowest',
  ties: 'one of them at random',
  facts: ['typical latency of the pool, in ms'],
}

/**
 * Takes the server where a request would be answered soonest: average latency × (requests in flight + 1) / weight.
 *
 * As in NGINX Plus (`least_time`, whose formula is not published) and Traefik (`leasttime`); that it forgets with time is
 * Finagle's (see peak-ewma.ts).
 *
 * The average decays with time, not with the number of samples, and falls towards 0 while a server is idle. So
 * one that had a bad burst looks better and better until it is tried again; averages over the last N samples, as in
 * Traefik's leasttime, can leave it without traffic for good (traefik/traefik issue 12306). A peak of P among servers at B
 * is forgiven after decay × ln(P / B): with 10 s, 1000 ms among 10 ms takes 46 s.
 *
 * A server never heard of counts as typical of the pool, so that a newcomer is not buried under all traffic until its first
 * answer; and for less and less, so that its turn comes even where one known server could serve everybody. A failure
 * counts as if it had taken at least the typical latency, and lingers in the requests in flight for that long (see
 * ../core/typical.ts). A client that left says nothing about the server. Ties are drawn at random.
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
  private readonly typical: Typical
  /** How long an observation counts, in milliseconds: its weight falls to 1/e in this time. */
  private readonly decay: number
  private servers: readonly Endpoint[] = []

  constructor(context: StrategyContext, { decay }: ValuesOf<typeof LEAST_RESPONSE_TIME_OPTIONS>) {
    const { clock, memory, rng } = context
    this.clock = clock
    this.rng = rng
    this.average = memory.floatPerSlot()
    this.stamp = memory.floatPerSlot()
    this.typical = new Typical(context, decay)
    this.decay = decay
  }

  update(servers: readonly Endpoint[]): void {
    const { clock, stamp } = this
    this.servers = servers
    for (const { slot } of servers) if (stamp[slot] === 0) stamp[slot] = -stampOf(clock.now)
  }

  pick(): Endpoint {
    return this.choose(this.rng)
  }

  explain(sight: Sight): void {
    sight.words = WORDS
    sight.facts[0] = this.typical.latency
    if (sight.brief) return
    const best = this.choose(this.rng.ahead(), sight)
    sight.markTied(best, TIED)
    sight.expected = best.slot
  }

  /** Reads and never writes, but for the dice, and for whoever wants to see it: looking ages nothing. */
  private choose(rng: Rng, sight?: Sight): Endpoint {
    const { average, decay, servers, stamp, typical } = this
    const { failures, stamp: failed } = typical
    const now = stampOf(this.clock.now)
    const usual = typical.latency
    let best = servers[0]
    let least = Infinity
    let tied = 0
    for (let i = 0; i < servers.length; i++) {
      const server = servers[i]
      const { slot } = server
      const heard = stamp[slot] > 0 ? average[slot] : usual
      // Silence speaks for a server only while nothing is asked of it: one that hangs must not look better and better.
      power[0] = server.inflight > 0 ? 0 : (Math.abs(stamp[slot]) - now) / decay
      raise()
      const fade = power[0]
      let busy = server.inflight + 1
      // On average a failure lingers for the typical latency, as a request in flight would.
      if (failures[slot] > 0) {
        power[0] = (failed[slot] - now) / usual
        raise()
        busy += failures[slot] * power[0]
      }
      // In one piece, without a function for the score: the engine may box what a function returns.
      const score = (heard * fade * busy) / server.weight
      if (sight !== undefined) {
        sight.see(server, stamp[slot] > 0 ? 0 : UNKNOWN)
        sight.score[slot] = score
      }
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
    const { average, decay, stamp, typical } = this
    const { took } = typical
    const { slot } = server
    const now = stampOf(this.clock.now)
    took[0] = latency
    if (outcome !== 'ok') typical.fail(slot)
    power[0] = stamp[slot] > 0 ? (stamp[slot] - now) / decay : -Infinity
    raise()
    const keep = power[0]
    average[slot] = average[slot] * keep + took[0] * (1 - keep)
    stamp[slot] = now
    if (outcome === 'ok') typical.learn()
  }
}
