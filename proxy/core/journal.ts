import { Balancer } from './balancer.ts'
import type { AdjustableRules, BalancerOptions } from './balancer-options.ts'
import type { Clock } from './clock.ts'
import type { AdminState, Endpoint } from './endpoint.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import type { StrategyFactory } from './strategy.ts'
import type { Candidate } from './strategy-maker.ts'

/** Where a journal is written, entry by entry. */
export interface Journal {
  write(entry: JournalEntry): void
}

/** What a server was when it was added, as an entry says it; `max` is null where there is no limit. */
export interface JournalServer {
  readonly weight: number
  readonly max: number | null
  readonly backup: boolean
  readonly healthy: boolean
  readonly unproven: boolean
}

/**
 * One call of a balancer, as plain data: what, when (by the balancer's clock), and with what; servers by id. `eligible` comes before the
 * decision that it holds for, and whenever it has changed. Of a decision `inflights` is what each of the eligible has in flight after it.
 */
export type JournalEntry =
  | readonly ['add', now: number, id: string, server: JournalServer]
  | readonly ['remove', now: number, id: string]
  | readonly ['healthy', now: number, id: string, healthy: boolean]
  | readonly ['weight', now: number, id: string, weight: number]
  | readonly ['max', now: number, id: string, max: number | null]
  | readonly ['backup', now: number, id: string, backup: boolean]
  | readonly ['admin', now: number, id: string, admin: AdminState]
  | readonly ['strategy', now: number, name: string]
  | readonly ['adjust', now: number, rules: AdjustableRules]
  | readonly ['tick', now: number]
  | readonly ['others', now: number, avoid: readonly string[]]
  | readonly ['eligible', now: number, ids: readonly string[]]
  | readonly [
      'acquire',
      now: number,
      key: number,
      attempt: number,
      avoid: readonly string[],
      chosen: string | null,
      inflights: readonly number[],
    ]
  | readonly [
      'release',
      now: number,
      id: string,
      latency: number,
      outcome: Outcome,
      verdict: Outcome,
    ]
  | readonly ['answered', now: number, id: string, latency: number]
  | readonly ['heard', now: number, id: string, report: readonly (number | null)[]]

/**
 * A balancer that writes down all that it is asked and told, in order, so that another one, made alike and fed the same, must come to the same
 * server at every step. Only where somebody wants a journal: an ordinary balancer knows nothing of it, so it costs nothing there.
 *
 * Left out are sessions, whose servers are not the strategy's choice.
 */
export class JournaledBalancer extends Balancer {
  private readonly journal: Journal
  private readonly clock: Clock
  private shown: readonly Endpoint[] = []

  constructor(options: BalancerOptions & { readonly journal: Journal }) {
    super(options)
    this.journal = options.journal
    this.clock = options.clock
  }

  override add(server: Endpoint, slot?: number): void {
    super.add(server, slot)
    const { backup, configuredWeight: weight, healthy, id, max, unproven } = server
    this.write(['add', this.clock.now, id, { weight, max: limit(max), backup, healthy, unproven }])
  }

  override remove(server: Endpoint): void {
    super.remove(server)
    this.write(['remove', this.clock.now, server.id])
  }

  override setHealthy(server: Endpoint, healthy: boolean, reason?: string): void {
    super.setHealthy(server, healthy, reason)
    this.write(['healthy', this.clock.now, server.id, healthy])
  }

  override setWeight(server: Endpoint, weight: number): void {
    super.setWeight(server, weight)
    this.write(['weight', this.clock.now, server.id, weight])
  }

  override setMax(server: Endpoint, max: number): void {
    super.setMax(server, max)
    this.write(['max', this.clock.now, server.id, limit(max)])
  }

  override setBackup(server: Endpoint, backup: boolean): void {
    super.setBackup(server, backup)
    this.write(['backup', this.clock.now, server.id, backup])
  }

  override setAdmin(server: Endpoint, admin: AdminState): void {
    super.setAdmin(server, admin)
    this.write(['admin', this.clock.now, server.id, admin])
  }

  override useStrategy(given: StrategyFactory | Candidate): void {
    super.useStrategy(given)
    this.write(['strategy', this.clock.now, this.strategy.name])
  }

  override adjust(rules: AdjustableRules): void {
    super.adjust(rules)
    this.write(['adjust', this.clock.now, rules])
  }

  override tick(): void {
    super.tick()
    this.write(['tick', this.clock.now])
  }

  override hasOther(avoid: readonly Endpoint[]): boolean {
    this.write(['others', this.clock.now, avoid.map(({ id }) => id)])
    return super.hasOther(avoid)
  }

  override acquire(
    key: number,
    attempt: number,
    avoid: readonly Endpoint[] = [],
  ): Endpoint | undefined {
    const tried = avoid.map(({ id }) => id) // Who is asked may change it.
    const server = super.acquire(key, attempt, avoid)
    const { eligible } = this
    const { now } = this.clock
    if (eligible !== this.shown) {
      this.shown = eligible
      this.write(['eligible', now, eligible.map(({ id }) => id)])
    }
    const inflights = eligible.map((each) => each.inflight)
    this.write(['acquire', now, key, attempt, tried, server?.id ?? null, inflights])
    return server
  }

  override release(server: Endpoint, latency: number, outcome: Outcome, verdict = outcome): void {
    this.write(['release', this.clock.now, server.id, latency, outcome, verdict])
    super.release(server, latency, outcome, verdict)
  }

  override answered(server: Endpoint, latency: number): void {
    this.write(['answered', this.clock.now, server.id, latency])
    super.answered(server, latency)
  }

  override heard(server: Endpoint, report: Report): void {
    const { errorRate, inflight, latency, rate, utilization } = report
    const figures = [inflight, latency, utilization, rate, errorRate].map(figure)
    this.write(['heard', this.clock.now, server.id, figures])
    super.heard(server, report)
  }

  private write(entry: JournalEntry): void {
    this.journal.write(entry)
  }
}

/** JSON has no infinity, */
function limit(max: number): number | null {
  return max === Infinity ? null : max
}

/** and nothing that is no number. */
function figure(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
