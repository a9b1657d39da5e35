import type { AdminSources } from '../admin/sources.ts'
import { type ThreadVitals, Vitals } from '../admin/vitals.ts'
import type { ServerChoices } from '../core/choices.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { SeriesListener } from '../core/series.ts'
import type { Snapshot, StateEvent } from '../core/snapshot.ts'
import { Tally } from '../core/tally.ts'
import type { ProbeCounts } from '../health/probes.ts'
import { Counters } from '../http/counters.ts'
import type { Account } from './messages.ts'

/**
 * What the admin pages of a worker look at: the figures of all threads, as the coordinator last sent them. How servers are, what
 * they have in flight and what the retry budget allows is the same in every thread already, and comes from its own.
 */
export class Whole implements AdminSources {
  readonly prefix: string
  readonly clock: AdminSources['clock']
  readonly startedAt: string
  readonly retry: AdminSources['retry']
  readonly counters = new Counters()
  readonly connections: AdminSources['connections']
  readonly balancer: AdminSources['balancer']
  readonly series: AdminSources['series']
  readonly probes: AdminSources['probes']
  private readonly own: AdminSources
  private readonly ownVitals: Vitals
  private readonly ask: () => void
  private readonly events: readonly StateEvent[]
  private readonly listeners = new Set<SeriesListener>()
  private account: Snapshot | undefined
  private allVitals: ThreadVitals | undefined
  private allProbes: ProbeCounts = {}
  private allChoices: Account['choices'] = {}
  private allLinesLost = 0
  /** Those who wait for the account that was asked for, and those who came after it was. */
  private waiting: (() => void)[] = []
  private late: (() => void)[] = []

  /** `ask`: wants a `receive`. `events`: what happened before, for those who will listen. */
  constructor(
    own: AdminSources,
    ownVitals: Vitals,
    ask: () => void,
    events: readonly StateEvent[],
  ) {
    this.own = own
    this.ownVitals = ownVitals
    this.ask = ask
    this.events = events
    this.prefix = own.prefix
    this.clock = own.clock
    this.startedAt = own.startedAt
    this.retry = own.retry
    this.connections = own.connections
    this.probes = {
      countsOf: ({ id }) => (Object.hasOwn(this.allProbes, id) ? this.allProbes[id] : undefined),
    }
    this.series = {
      total: () => this.total,
      attemptsOf: (server) => this.attemptsOf(server),
      listen: (listener) => this.listen(listener),
    }
    this.balancer = {
      servers: own.balancer.servers,
      get eligibleCount() {
        return own.balancer.eligibleCount
      },
      choices: { of: (server) => this.choicesOf(server) },
    }
  }

  get stopping(): boolean {
    return this.own.stopping
  }

  reloaded(): boolean {
    return this.own.reloaded()
  }

  steeredAt(): string | undefined {
    return this.own.steeredAt()
  }

  get lastReading(): AdminSources['lastReading'] {
    return this.own.lastReading
  }

  linesLost(): number {
    return this.allLinesLost
  }

  vitals(): ThreadVitals {
    return this.allVitals ?? this.ownVitals.read()
  }

  /** Resolves when the figures are no older than this call. However many call, one question is under way at a time. */
  refresh(): Promise<void> {
    return new Promise((resolve) => {
      if (this.waiting.length > 0) {
        this.late.push(resolve)
        return
      }
      this.waiting.push(resolve)
      this.ask()
    })
  }

  receive({ choices, counters, linesLost, probes, total, vitals }: Account): void {
    this.account = total
    this.counters.become([counters])
    this.allProbes = probes
    this.allChoices = choices
    this.allLinesLost = linesLost
    this.allVitals = vitals
    const { waiting } = this
    this.waiting = this.late
    this.late = []
    if (this.waiting.length > 0) this.ask()
    for (const resolve of waiting) resolve()
  }

  tellSecond(snapshot: Snapshot): void {
    for (const listener of this.listeners) listener.onSnapshot?.(snapshot)
  }

  tellEvent(event: StateEvent): void {
    for (const listener of this.listeners) listener.onEvent?.(event)
  }

  private get total(): Snapshot {
    return this.account ?? this.own.series.total()
  }

  private attemptsOf(server: Endpoint): Tally {
    const tally = new Tally()
    const found = this.of(server)
    if (found !== undefined) tally.addSnapshot(found.attempts)
    return tally
  }

  private choicesOf(server: Endpoint): ServerChoices {
    const found = Object.hasOwn(this.allChoices, server.id) ? this.allChoices[server.id] : undefined
    return found ?? this.own.balancer.choices.of(server)
  }

  private of(server: Endpoint): Snapshot['servers'][number] | undefined {
    return this.total.servers.find(({ id }) => id === server.id)
  }

  private listen(listener: SeriesListener): () => void {
    this.listeners.add(listener)
    for (const event of this.events) listener.onEvent?.(event)
    return () => void this.listeners.delete(listener)
  }
}
