import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { power, raise } from '../core/exponential.ts'
import { duration, durationOr0, type ValuesOf } from '../core/options.ts'
import type { Outcome } from '../core/recorder.ts'
import type { Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import { stampOf, Typical } from '../core/typical.ts'
import type { Sight, Words } from '../core/sight.ts'
import { DRAWN } from '../core/sight.ts'

export const PEAK_EWMA_OPTIONS = {
  decay: duration(10_000, 'how slowly a peak sinks: to 1/e in this time'),
  initial: durationOr0(0, 'the typical latency', 'what a server never heard of counts as'),
}

/** A little less than 1, so that rounding makes nothing sure that is not. */
const SURELY = 1 - 2 ** -40

const WORDS: Words = {
  strategy: 'peak_ewma',
  score:
    'peak latency, sunk × (requests in flight and failures + 1) / weight, of those that were drawn',
  best: 'lowest',
  ties: 'the one that was drawn first',
  facts: ['typical cost of the pool, in ms'],
}

/**
 * Looks at two servers chosen at random and takes the one that promises the shorter wait, expecting the worst of it:
 * peak latency × (requests in flight + 1) / weight.
 *
 * A server's cost jumps to a latency above it at once, and sinks slowly: towards a lower latency by the time that has
 * passed since the answer before, and towards 0 by the time that has passed since the last one. So a server that begins to be
 * slow is noticed by its first slow answer, and one that was slow is forgiven: a peak of P among servers at B after
 * decay × ln(P / B). It is Finagle's `Balancers.p2cPeakEwma`; Steve Jenson and Ruben Oanta, "Beyond Round Robin: Load
 * Balancing for Latency" (Buoyant, 2016), show what it is worth.
 *
 * Where systems disagree: Finagle, tower and linkerd are as here. Kong's `latency` and Envoy's `peak_ewma` take a plain
 * average, without a jump to the peak; Envoy's does not sink without traffic, so that one bad burst can shut a server out.
 * In Finagle looking ages what is looked at, so what an answer does depends on who looked before; here looking
 * writes nothing, and every answer is as if nobody had looked.
 *
 * Nor do they agree on a server never heard of. In Finagle it is the best of all until it has a request and then the
 * worst of all (a penalty of some 39 hours) until its first answer; in linkerd it needs 30 ms, in tower 1 s; in Envoy it has a
 * penalty as in Finagle; in Kong, and here, it is as good as the others are on average. The option `initial` makes it
 * linkerd's. Either way this fades, as any cost does, so that its turn comes.
 *
 * What is typical of the pool is the mean of costs, not of latencies: among servers judged by their peaks one judged by an
 * average would look good. A failure counts as if it had taken at least that, and lingers in the requests in flight for that
 * long (../core/typical.ts). In Finagle a quick failure is a quick answer, which draws up to two of n requests to a server
 * that does nothing else; here that one gets less than its share. A client that left says nothing about the server.
 *
 * A pick costs two random numbers, and where it is close an exponential, or up to three where servers fail. Memory: a cost, its time and the
 * lingering failures, a server.
 */
export class PeakEwma implements Strategy {
  readonly name = 'peak_ewma'
  private readonly clock: Clock
  private readonly inflights: Int32Array
  private readonly rng: Rng
  /** Milliseconds, as of `stamp`. A negative `stamp`: never heard of, since that time. */
  private readonly cost: Float64Array
  private readonly stamp: Float64Array
  private readonly typical: Typical
  private readonly decay: number
  /** One float in an array, so that the engine never takes it for an integer: it would box what is computed with it. */
  private readonly initial: Float64Array
  private servers: readonly Endpoint[] = []

  constructor(context: StrategyContext, { decay, initial }: ValuesOf<typeof PEAK_EWMA_OPTIONS>) {
    const { clock, inflights, memory, rng } = context
    this.clock = clock
    this.inflights = inflights
    this.rng = rng
    this.cost = memory.floatPerSlot()
    this.stamp = memory.floatPerSlot()
    this.typical = new Typical(context, decay)
    this.decay = decay
    this.initial = Float64Array.of(initial)
  }

  update(servers: readonly Endpoint[]): void {
    const { clock, stamp } = this
    this.servers = servers
    for (const { slot } of servers) if (stamp[slot] === 0) stamp[slot] = -stampOf(clock.now)
  }

  /** Reads and never writes, but for the dice: looking ages nothing. */
  pick(): Endpoint {
    const { cost, decay, inflights, initial, rng, servers, stamp, typical } = this
    const { failures, stamp: failed } = typical
    const a = rng.int(servers.length)
    const b = rng.other(servers.length, a) // Two distinct servers, every pair equally likely.
    const first = servers[a]
    const second = servers[b]
    const i = first.slot
    const j = second.slot
    const now = stampOf(this.clock.now)
    const usual = typical.latency
    const unknown = initial[0] || usual
    const firstCost = stamp[i] > 0 ? cost[i] : unknown
    const secondCost = stamp[j] > 0 ? cost[j] : unknown
    // Both have sunk since; for who is less it is enough how much further the older one has.
    const later = Math.abs(stamp[i]) - Math.abs(stamp[j])
    // Cross-multiplied, so weights need no division.
    const x = firstCost * second.weight
    const y = secondCost * first.weight
    // Most choices are clear without an exponential, since 1 - t <= exp(-t) <= 1 / (1 + t).
    const sunk = SURELY - Math.abs(later) / decay
    const firstMost = x * (inflights[i] + 1 + (failures[i] * usual) / (usual + now - failed[i]))
    const secondMost = y * (inflights[j] + 1 + (failures[j] * usual) / (usual + now - failed[j]))
    if (secondMost < x * (inflights[i] + 1) * sunk) return second
    if (firstMost < y * (inflights[j] + 1) * sunk) return first
    // In one piece, twice, without a function for the load: the engine may box what a function returns.
    let firstBusy = inflights[i] + 1
    if (failures[i] > 0) {
      power[0] = (failed[i] - now) / usual
      raise()
      firstBusy += failures[i] * power[0]
    }
    let firstLoad = firstCost * firstBusy
    let secondBusy = inflights[j] + 1
    if (failures[j] > 0) {
      power[0] = (failed[j] - now) / usual
      raise()
      secondBusy += failures[j] * power[0]
    }
    let secondLoad = secondCost * secondBusy
    power[0] = -Math.abs(later) / decay
    raise()
    if (later < 0) firstLoad *= power[0]
    else secondLoad *= power[0]
    // A tie goes to the first, itself random.
    return secondLoad * first.weight < firstLoad * second.weight ? second : first
  }

  explain(sight: Sight): void {
    const { decay, initial, servers, stamp, typical } = this
    const dice = this.rng.ahead()
    const a = dice.int(servers.length)
    const first = servers[a]
    const second = servers[dice.other(servers.length, a)]
    const usual = typical.latency
    const now = stampOf(this.clock.now)
    const later = Math.abs(stamp[first.slot]) - Math.abs(stamp[second.slot])
    sight.words = WORDS
    sight.facts[0] = initial[0] || usual
    let firstLoad = this.loadOf(first, usual, now)
    let secondLoad = this.loadOf(second, usual, now)
    for (let k = 0; k < 2; k++) {
      const server = k === 0 ? first : second
      const { slot } = server
      power[0] = (Math.abs(stamp[slot]) - now) / decay
      raise()
      sight.see(server, DRAWN)
      sight.score[slot] = ((k === 0 ? firstLoad : secondLoad) * power[0]) / server.weight
    }
    power[0] = -Math.abs(later) / decay
    raise()
    if (later < 0) firstLoad *= power[0]
    else secondLoad *= power[0]
    const less = secondLoad * first.weight < firstLoad * second.weight
    sight.expected = less ? second.slot : first.slot
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    if (outcome === 'aborted') return
    const { cost, decay, stamp, typical } = this
    const { took } = typical
    const { slot } = server
    const now = stampOf(this.clock.now)
    took[0] = latency
    if (outcome !== 'ok') typical.fail(slot)
    const sinks = stamp[slot] > 0 && took[0] < cost[slot]
    power[0] = sinks ? (stamp[slot] - now) / decay : -Infinity
    raise()
    const keep = power[0]
    cost[slot] = cost[slot] * keep + took[0] * (1 - keep)
    stamp[slot] = now
    if (outcome !== 'ok') return
    took[0] = cost[slot]
    typical.learn()
  }

  /** For `explain`: its cost, as of its stamp, times what it has in hand. */
  private loadOf({ slot }: Endpoint, usual: number, now: number): number {
    const { cost, inflights, initial, stamp, typical } = this
    const { failures, stamp: failed } = typical
    let busy = inflights[slot] + 1
    if (failures[slot] > 0) {
      power[0] = (failed[slot] - now) / usual
      raise()
      busy += failures[slot] * power[0]
    }
    return (stamp[slot] > 0 ? cost[slot] : initial[0] || usual) * busy
  }
}
