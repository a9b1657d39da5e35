import type { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { Inner } from '../core/inner.ts'
import { choice, duration, number, type ValuesOf } from '../core/options.ts'
import type { Outcome } from '../core/recorder.ts'
import { over } from '../core/registry.ts'
import type { Report } from '../core/report.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../core/strategy.ts'
import { stampOf } from '../core/typical.ts'
import type { Sight } from '../core/sight.ts'

export const REPORTED_LOAD_OPTIONS = {
  over: over('weighted_round_robin'),
  penalty: number(0, 1000, 1, 'how much an error counts, as utilization'),
  blackout: duration(10_000, 'for how long the first reports of a server are not trusted'),
  expiry: duration(180_000, 'how long a report is good for'),
  period: duration(1000, 'how often weights are worked out'),
  unknown: choice(['mean', 'median'], 'mean', 'what servers that are not known count as'),
}

/** The most that a server can seem to be worth; and the least, the other way round. */
const MOST = 2 ** 53

/**
 * Uses another strategy, and gives it weights that the servers' own reports of load make.
 *
 * A server's weight is what it serves for what that takes it: rate / (utilization + penalty · errorRate / rate). One that
 * serves 100 requests a second with half of what it has is worth 200, whatever hardware it is and whoever shares it. The
 * figures are those of the Open Request Cost Aggregation standard (ORCA); the formula is that of gRPC's weighted round robin
 * (proposal A58, 2023) and of Envoy's `client_side_weighted_round_robin`.
 *
 * For a while after its first report (the blackout, 10 s) a server counts as not known, since a cold one says little about
 * itself; and again when nothing has come for `expiry` (3 minutes). Who is not known counts as the mean of the others in
 * gRPC, as their median in Envoy. With fewer than two known the weights are those that were configured; gRPC takes turns
 * then. A server that starts slowly does so here too, from the part of its weight that it has. Reports without a rate or a utilization above 0 are passed over, as in both.
 *
 * Weights are worked out once a second, at a pick. They are told to the strategy inside if any has changed, which may
 * allocate then. On that occasion every server is asked for a report, as with gRPC's out-of-band reports; those that come
 * along with answers count as well. Between a report and its weight lie up to two seconds: a strategy that knows
 * the requests in flight is quicker, one that follows these weights is steadier.
 *
 * A pick costs what the strategy inside costs. Memory: a weight and two times a server.
 */
export class ReportedLoad implements Strategy {
  readonly name = 'reported_load'
  private readonly ask: StrategyContext['ask']
  private readonly clock: Clock
  private readonly inner: Inner
  private readonly options: ValuesOf<typeof REPORTED_LOAD_OPTIONS>
  /** As of the last report; when that was; and since when there are reports. 0: none yet. */
  private readonly weight: Float64Array
  private readonly last: Float64Array
  private readonly since: Float64Array
  /** One element: when weights are worked out again. */
  private readonly due = Float64Array.of(-Infinity)
  private servers: readonly Endpoint[] = []
  private weights = new Float64Array(0)

  constructor(
    context: StrategyContext,
    options: ValuesOf<typeof REPORTED_LOAD_OPTIONS>,
    inner: StrategyFactory,
  ) {
    const { memory } = context
    this.ask = context.ask
    this.clock = context.clock
    this.inner = new Inner(context, inner)
    this.options = options
    this.weight = memory.floatPerSlot()
    this.last = memory.floatPerSlot()
    this.since = memory.floatPerSlot()
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.weights = new Float64Array(servers.length)
    this.work()
    this.inner.show(servers, this.weights)
  }

  pick(key: number, attempt: number): Endpoint {
    if (this.clock.now >= this.due[0]) this.refresh()
    return this.inner.pick(key, attempt)
  }

  leavesOut(server: Endpoint): boolean {
    return this.inner.leavesOut(server)
  }

  explain(sight: Sight, key: number, attempt: number): void {
    if (this.clock.now >= this.due[0]) return // The weights will be worked out anew first.
    this.inner.explain(sight, key, attempt)
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    this.inner.settled(server, latency, outcome)
  }

  heard(server: Endpoint, report: Report): void {
    this.inner.heard(server, report)
    const { errorRate, rate, utilization } = report
    if (!(rate > 0 && utilization > 0)) return
    const { clock, last, options, since, weight } = this
    const { slot } = server
    const now = stampOf(clock.now)
    if (last[slot] === 0 || now - last[slot] >= options.expiry) since[slot] = now
    const errors = errorRate > 0 ? (options.penalty * errorRate) / rate : 0
    // Within bounds whose ratios and sums are numbers yet: servers may report anything.
    weight[slot] = Math.min(Math.max(rate / (utilization + errors), 1 / MOST), MOST)
    last[slot] = now
  }

  /** Not for every pick. */
  private refresh(): void {
    const { clock, due, options, servers, weights } = this
    due[0] = clock.now + options.period
    const before = weights.slice()
    this.work()
    if (weights.some((weight, i) => weight !== before[i])) this.inner.show(servers, weights)
    for (const server of servers) this.ask(server)
  }

  /** Works out the weights: those that are known, and for the others the mean or the median of these. */
  private work(): void {
    const { servers, weight, weights } = this
    const known = servers.filter((server) => this.knows(server))
    if (known.length < 2) {
      servers.forEach((server, i) => (weights[i] = server.weight))
      return
    }
    const sorted = known.map(({ slot }) => weight[slot]).sort((a, b) => a - b)
    const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length
    const middle = (sorted.length - 1) / 2
    const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
    const other = this.options.unknown === 'mean' ? mean : median
    // Around the mean of the weights configured, so that a strategy that has begun with those goes on in the same unit.
    const unit =
      servers.reduce((sum, { configuredWeight }) => sum + configuredWeight, 0) / servers.length
    servers.forEach((server, i) => {
      const worth = (this.knows(server) ? weight[server.slot] : other) / mean
      weights[i] = (worth * unit * server.weight) / server.configuredWeight
    })
  }

  private knows({ slot }: Endpoint): boolean {
    const { clock, last, options, since } = this
    const now = stampOf(clock.now)
    if (last[slot] === 0 || now - last[slot] >= options.expiry) return false
    return now - since[slot] >= options.blackout
  }
}
