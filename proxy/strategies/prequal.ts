import { places } from '../core/by-place.ts'
import { BySlot } from '../core/by-slot.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { power, raise } from '../core/exponential.ts'
import { duration, number, type ValuesOf, whole } from '../core/options.ts'
import { ProbePool } from '../core/probe-pool.ts'
import { RecentQuantile } from '../core/recent-quantile.ts'
import type { Outcome } from '../core/recorder.ts'
import type { Report } from '../core/report.ts'
import { GRAIN, type Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import { stampOf, Typical } from '../core/typical.ts'
import type { Sight, Words } from '../core/sight.ts'
import { COLD, DRAWN, HOT } from '../core/sight.ts'

export const PREQUAL_OPTIONS = {
  pool: whole(2, 256, 16, 'how many probes are remembered'),
  probes: number(0, 64, 3, 'servers asked a request: r_probe'),
  remove: number(0, 64, 1, 'probes forgotten a request: r_remove'),
  age: duration(1000, 'how long a probe is good for'),
  hot: number(0, 1, 2 ** -0.25, 'which quantile of requests in hand begins to be hot: Q_RIF'),
  delta: number(0, 100, 1, 'how much faster probes come than they are used up: δ'),
}

/** Of how many probes the distribution of requests in hand is estimated. */
const WINDOW = 64
/** As in the other strategies that compare latencies. */
const DECAY = 10_000

/** Where the rates are. `REUSE`: how often a probe may be used; 0: as often as one likes. */
const PROBES = 0
const REMOVE = 1
const REUSE = 2

const WORDS: Words = {
  strategy: 'prequal',
  score: 'of the probes at hand: latency in ms of the cold; requests in hand of the hot',
  best: 'lowest',
  ties: 'the cold before the hot, then the oldest probe; with fewer than two probes any server at random',
  facts: ['requests in hand up to which a server is cold', 'usable probes'],
}

/**
 * Asks a few servers how they are, always a little ahead, and takes the quickest of those that are not too busy.
 *
 * Every request sends probes to some servers at random, whose answers serve the requests after it: two numbers, the requests
 * that a server has in hand and what it takes for a request at about that number. A server is hot if it has more in hand
 * than a quantile of what probes said lately. If there are cold ones in the pool of probes, the quickest of these is taken;
 * if all are hot, the least busy. So latency decides while all is well, and load before it hurts. Bartek Wydrowski,
 * Robert Kleinberg, Stephen M. Rumble and Aaron Archer, "Load is not what you should balance: Introducing Prequal", NSDI 2024,
 * from which the defaults are too; there it is driven at loads at which balancing by processor time had long failed.
 *
 * A pool goes bad in two ways. Its probes grow old: each is dropped after `age`, and counts one request more in hand
 * whenever it is used. And the good are used up while the bad stay: so `remove` probes a request are forgotten,
 * alternately the oldest and the worst (the busiest of the hot; if none is hot, the slowest), and a probe may be used
 * (1 + δ) / ((1 - pool/n) · probes - remove) times, and once at least. Fractions are rounded at random. With fewer than two
 * usable probes the server is drawn at random.
 *
 * Choices of our own, where the paper is silent. A server has one probe in the pool, its newest: 1 - pool/n is then the chance
 * that a probe adds to the pool. Where the pool has room for everybody nothing is used up or removed, for every probe
 * replaces an older one. A figure that a report lacks is taken as typical. Any report counts as a probe, also one that came unasked.
 * Failing fast must not look like being idle ("sinkholing"; the paper's remedy is unpublished): failures linger for the
 * typical latency (../core/typical.ts), each as a request in hand and a typical latency more. Weights are ignored: what a
 * server can do shows in what it says. The paper also probes when there is no traffic; that is left to whoever owns the time.
 *
 * A pick looks at every probe, not at every server. Memory: the pool and what the last probes said, of each thread for itself, as if it were
 * a client of its own; the lingering failures are everybody's.
 */
export class Prequal implements Strategy {
  readonly name = 'prequal'
  private readonly age: number
  private readonly ask: StrategyContext['ask']
  private readonly delta: number
  private readonly pool: ProbePool
  /** Probes to send, to forget, and uses of each; by the constants above. */
  private readonly rates: Float64Array
  private readonly rng: Rng
  private readonly typical: Typical
  private readonly clock: StrategyContext['clock']
  /** One element: how many requests in hand a cold server has at most. */
  private readonly limit: Float64Array
  private readonly quantile: RecentQuantile
  /** 0 for a server that has not said anything: a probe of its slot speaks of the one before. */
  private readonly known: Float64Array
  private servers: readonly Endpoint[] = []
  private readonly bySlot: BySlot
  /** A shuffling of the servers' positions, from one request to the next. */
  private order = new Int32Array(0)
  /** Whether there are more servers than the pool has room for. */
  private crowded = false
  private oldestNext = true

  constructor(context: StrategyContext, options: ValuesOf<typeof PREQUAL_OPTIONS>) {
    this.age = options.age
    this.ask = context.ask
    this.clock = context.clock
    this.delta = options.delta
    this.pool = new ProbePool(context.clock, options.pool)
    this.rates = Float64Array.of(options.probes, options.remove, 0)
    this.rng = context.rng
    this.typical = new Typical(context, DECAY)
    this.quantile = new RecentQuantile(options.hot, WINDOW)
    this.limit = this.quantile.value
    if (options.hot <= 0) this.limit = Float64Array.of(-Infinity)
    if (options.hot >= 1) this.limit = Float64Array.of(Infinity)
    this.known = context.memory.ownFloatPerSlot()
    this.bySlot = new BySlot(context.memory.slots)
  }

  update(servers: readonly Endpoint[]): void {
    const size = this.pool.slots.length
    const n = servers.length
    this.servers = servers
    this.bySlot.set(servers)
    this.order = places(servers.length)
    this.crowded = n > size
    const surplus = (1 - size / n) * this.rates[PROBES] - this.rates[REMOVE]
    const reuse = Math.max(1, (1 + this.delta) / surplus)
    this.rates[REUSE] = this.crowded && surplus > 0 && reuse < GRAIN ? reuse : 0
  }

  pick(): Endpoint {
    const { pool, rng, servers } = this
    pool.expire(this.age)
    const index = this.choose()
    const server = index < 0 ? servers[rng.int(servers.length)] : this.bySlot.at[pool.slots[index]]!
    if (index >= 0) pool.use(index)
    if (this.crowded) this.forget()
    this.probe()
    return server
  }

  explain(sight: Sight): void {
    const { age, bySlot, clock, known, limit, pool, rng, servers, typical } = this
    const { count, inflight, latency, slots, time } = pool
    const { failures, stamp } = typical
    const now = stampOf(clock.now)
    const usual = typical.latency
    let usable = 0
    let allHot = true
    sight.words = WORDS
    sight.facts[0] = limit[0]
    for (let i = 0; i < count; i++) {
      const slot = slots[i]
      const server = bySlot.at[slot]
      if (server === undefined || known[slot] === 0 || clock.now - time[i] > age) continue
      usable++
      power[0] = failures[slot] > 0 ? (stamp[slot] - now) / usual : -Infinity
      raise()
      const lingering = failures[slot] * power[0]
      const busy = inflight[i] + lingering
      const hot = busy > limit[0]
      const score = hot ? busy : latency[i] + lingering * usual
      sight.see(server, hot ? HOT : COLD)
      sight.score[slot] = score
      if (hot && !allHot) continue
      if (hot === allHot && sight.expected >= 0 && score >= sight.score[sight.expected]) continue
      allHot = hot
      sight.expected = slot
    }
    sight.facts[1] = usable
    if (usable >= 2) return
    const drawn = servers[rng.ahead().int(servers.length)]
    sight.see(drawn, DRAWN)
    if (sight.expected !== drawn.slot) sight.score[drawn.slot] = NaN
    sight.expected = drawn.slot
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    if (outcome === 'aborted') return
    this.typical.took[0] = latency
    if (outcome === 'ok') this.typical.learn()
    else this.typical.fail(server.slot)
  }

  heard(server: Endpoint, report: Report): void {
    const { pool, typical } = this
    const { slot } = server
    if (this.bySlot.at[slot] === undefined || !(report.inflight >= 0)) return
    this.known[slot] = 1
    const index = pool.add(slot, this.rounded(REUSE))
    pool.inflight[index] = report.inflight
    pool.latency[index] = report.latency >= 0 ? report.latency : typical.latency
    this.quantile.add(pool.inflight, index)
  }

  /** The best of the usable probes; -1 if there are fewer than two. */
  private choose(): number {
    const { known, limit, pool, typical } = this
    const { at } = this.bySlot
    const { count, inflight, latency, slots } = pool
    const { failures, stamp } = typical
    const now = stampOf(this.clock.now)
    const usual = typical.latency
    let usable = 0
    let best = -1
    let least = Infinity
    let allHot = true
    for (let i = 0; i < count; i++) {
      const slot = slots[i]
      if (at[slot] === undefined || known[slot] === 0) continue
      usable++
      let busy = inflight[i]
      let slow = latency[i]
      if (failures[slot] > 0) {
        power[0] = (stamp[slot] - now) / usual
        raise()
        const lingering = failures[slot] * power[0]
        busy += lingering
        slow += lingering * usual
      }
      const hot = busy > limit[0]
      if (hot && !allHot) continue
      const score = hot ? busy : slow
      if (hot === allHot && score >= least) continue
      allHot = hot
      best = i
      least = score
    }
    return usable < 2 ? -1 : best
  }

  private forget(): void {
    const { pool } = this
    for (let left = this.rounded(REMOVE); left > 0 && pool.count > 0; left--) {
      pool.remove(this.oldestNext ? 0 : this.worst())
      this.oldestNext = !this.oldestNext
    }
  }

  private worst(): number {
    const { limit, pool } = this
    const { count, inflight, latency } = pool
    let worst = 0
    for (let i = 1; i < count; i++) {
      const hot = inflight[i] > limit[0]
      const other = inflight[worst] > limit[0]
      if (hot === other ? (hot ? inflight[i] > inflight[worst] : latency[i] > latency[worst]) : hot)
        worst = i
    }
    return worst
  }

  /** Asks some servers, all different, every choice of them equally likely: the beginning of a shuffle (Fisher and Yates, 1938). */
  private probe(): void {
    const { order, rng, servers } = this
    const count = Math.min(this.rounded(PROBES), servers.length)
    for (let i = 0; i < count; i++) {
      const j = i + rng.int(servers.length - i)
      const position = order[j]
      order[j] = order[i]
      order[i] = position
      this.ask(servers[position])
    }
  }

  /** One of the two whole numbers next to it, so that the mean is right. */
  private rounded(rate: number): number {
    const number = this.rates[rate]
    const whole = Math.floor(number)
    if (whole === number) return whole
    return this.rng.int(GRAIN) < (number - whole) * GRAIN ? whole + 1 : whole
  }
}
