import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { ValuesOf } from '../../../proxy/core/options.ts'
import type { Outcome } from '../../../proxy/core/recorder.ts'
import { GRAIN, type Rng } from '../../../proxy/core/rng.ts'
import type { StrategyContext } from '../../../proxy/core/strategy.ts'
import { Typical } from '../../../proxy/core/typical.ts'
import type { PREQUAL_OPTIONS } from '../../../proxy/strategies/prequal.ts'

/** What a server said of itself. */
export interface Probe {
  readonly slot: number
  /** Of the server that is there now; or of one before it, whose probe only takes room. */
  readonly current: boolean
  inflight: number
  readonly latency: number
  readonly time: number
  /** How often it may still be used; 0: as often as one likes. */
  uses: number
}

/**
 * Prequal as its definition has it (test/laws/algorithms.md, `prequal`), with lists that are filtered and sorted, and no thought of
 * what that costs. It draws as the strategy does, so that both come to the same with the same dice. Only what failures count for
 * is not spelt out again: `Typical` is shared with strategies that compare latencies, and has tests of its own there.
 */
export class PrequalModel {
  /** Oldest first. */
  pool: Probe[] = []
  /** Of whom a request asked. */
  readonly asked: Endpoint[] = []
  private readonly context: StrategyContext
  private readonly options: ValuesOf<typeof PREQUAL_OPTIONS>
  private readonly rng: Rng
  private readonly typical: Typical
  /** The requests in hand of the last 64 probes. */
  private recent: number[] = []
  private servers: readonly Endpoint[] = []
  private order: number[] = []
  private turn = 0

  constructor(context: StrategyContext, options: ValuesOf<typeof PREQUAL_OPTIONS>) {
    this.context = context
    this.options = options
    this.rng = context.rng
    this.typical = new Typical(context, 10_000)
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.order = servers.map((_, i) => i)
  }

  /** How many requests in hand a cold server has at most: Q of what probes said lately, the smallest that so many are not above. */
  get limit(): number {
    const { hot } = this.options
    if (hot === 0) return -Infinity
    if (hot === 1 || this.recent.length === 0) return Infinity
    const sorted = this.recent.toSorted((a, b) => a - b)
    return sorted[Math.max(0, Math.ceil(hot * sorted.length) - 1)]
  }

  /** How often a probe may be used, before rounding; 0: as often as one likes. */
  get reuse(): number {
    const { delta, pool, probes, remove } = this.options
    const n = this.servers.length
    const surplus = (1 - pool / n) * probes - remove
    return n > pool && surplus > 0 ? Math.max(1, (1 + delta) / surplus) : 0
  }

  /** Another server has moved into the slot: what was said there is not of it. */
  replace(slot: number): void {
    this.pool = this.pool.map((probe) => {
      return probe.slot === slot ? { ...probe, current: false } : probe
    })
  }

  pick(): Endpoint {
    const { rng, servers } = this
    this.pool = this.pool.filter(({ time }) => this.context.clock.now - time <= this.options.age)
    const usable = this.pool.filter(
      ({ current, slot }) => current && servers.some((server) => server.slot === slot),
    )
    const chosen = usable.length < 2 ? undefined : this.best(usable)
    const server =
      chosen === undefined
        ? servers[rng.int(servers.length)]
        : servers.find(({ slot }) => slot === chosen.slot)!
    if (chosen !== undefined) this.use(chosen)
    if (servers.length > this.options.pool) this.remove()
    this.ask()
    return server
  }

  settled(server: Endpoint, latency: number, outcome: Outcome): void {
    if (outcome === 'aborted') return
    this.typical.took[0] = latency
    if (outcome === 'ok') this.typical.learn()
    else this.typical.fail(server.slot)
  }

  heard({ slot }: Endpoint, inflight: number, latency: number): void {
    if (Number.isNaN(inflight) || !this.servers.some((server) => server.slot === slot)) return
    const uses = this.rounded(this.reuse)
    const others = this.pool.filter((probe) => probe.slot !== slot)
    const known = Number.isNaN(latency) ? this.typical.latency : latency
    const { now } = this.context.clock
    this.pool = [...others, { slot, current: true, inflight, latency: known, time: now, uses }]
    this.pool = this.pool.slice(-this.options.pool)
    this.recent = [...this.recent, inflight].slice(-64)
  }

  /** The hot-cold rule: the quickest of the cold; if all are hot the least busy; the oldest of equals. */
  private best(usable: readonly Probe[]): Probe {
    const judged = usable.map((probe) => {
      const lingering = this.lingering(probe.slot)
      const busy = probe.inflight + lingering
      return { probe, busy, slow: probe.latency + lingering * this.typical.latency }
    })
    const cold = judged.filter(({ busy }) => busy <= this.limit)
    const [{ probe }] =
      cold.length > 0
        ? cold.toSorted((a, b) => a.slow - b.slow)
        : judged.toSorted((a, b) => a.busy - b.busy)
    return probe
  }

  /** Failures that would still be in flight. */
  private lingering(slot: number): number {
    const { failures, latency, stamp } = this.typical
    if (failures[slot] === 0) return 0
    return failures[slot] * Math.exp((stamp[slot] - (this.context.clock.now + 1)) / latency)
  }

  private use(probe: Probe): void {
    probe.inflight++
    if (probe.uses === 0) return
    probe.uses--
    if (probe.uses === 0) this.drop(probe)
  }

  /** In turn the oldest, and the worst: the busiest of the hot, or the slowest if all are cold. */
  private remove(): void {
    for (let left = this.rounded(this.options.remove); left > 0 && this.pool.length > 0; left--) {
      const hot = this.pool.filter(({ inflight }) => inflight > this.limit)
      const [worst] =
        hot.length > 0
          ? hot.toSorted((a, b) => b.inflight - a.inflight)
          : this.pool.toSorted((a, b) => b.latency - a.latency)
      this.drop(this.turn % 2 === 0 ? this.pool[0] : worst)
      this.turn++
    }
  }

  private drop(probe: Probe): void {
    this.pool = this.pool.filter((each) => each !== probe)
  }

  /** Some of the servers, drawn without putting any back from where the last draw left them. */
  private ask(): void {
    const { order, rng, servers } = this
    const count = Math.min(this.rounded(this.options.probes), servers.length)
    for (let i = 0; i < count; i++) {
      const j = i + rng.int(servers.length - i)
      ;[order[i], order[j]] = [order[j], order[i]]
      this.asked.push(servers[order[i]])
    }
  }

  /** One of the two whole numbers next to it, so that the mean is right. */
  private rounded(number: number): number {
    const whole = Math.floor(number)
    if (whole === number) return whole
    return this.rng.int(GRAIN) / GRAIN < number - whole ? whole + 1 : whole
  }
}
