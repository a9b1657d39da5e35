import type { ServerState } from '../../proxy/core/endpoint.ts'
import { Histogram } from '../../proxy/core/histogram.ts'
import type { ServerSnapshot, Snapshot } from '../../proxy/core/snapshot.ts'

/** One server as the live table shows it: the last seconds, but errors since the beginning. */
export interface ServerRow {
  id: string
  state: ServerState
  reason: string
  share: number | null
  dueShare: number | null
  /** Attempts per second. */
  rate: number
  inflight: number
  errors: number
  /** Milliseconds, of good answers. */
  p50: number | null
  p95: number | null
  p99: number | null
}

/** How many seconds the table looks back: enough for a p99 at usual rates, few enough to follow a change. */
export const LOOK_BACK = 10

/** Keeps the last seconds' snapshots and adds them up, percentiles too: histograms merge without loss. */
export class Recent {
  private snapshots: Snapshot[] = []
  private readonly errors = new Map<string, number>()

  add(snapshot: Snapshot): void {
    this.snapshots.push(snapshot)
    if (this.snapshots.length > LOOK_BACK) this.snapshots.shift()
    for (const { id, attempts } of snapshot.servers) {
      this.errors.set(id, (this.errors.get(id) ?? 0) + errorsOf(attempts.outcomes))
    }
  }

  get strategy(): string | undefined {
    return this.snapshots.at(-1)?.strategy
  }

  /** What the strategy promises of shares. */
  get promise(): Snapshot['promise'] | undefined {
    return this.snapshots.at(-1)?.promise
  }

  /** A row for each server that the newest snapshot has. */
  rows(): ServerRow[] {
    const newest = this.snapshots.at(-1)
    if (newest === undefined) return []
    let picks = 0
    for (const { servers } of this.snapshots) picks += sumOf(servers, (server) => server.picks)
    return newest.servers.map((server) => this.row(server, picks))
  }

  private row(newest: ServerSnapshot, allPicks: number): ServerRow {
    const { id } = newest
    const latency = new Histogram()
    let span = 0
    let attempts = 0
    let picks = 0
    let due = 0
    for (const snapshot of this.snapshots) {
      span += snapshot.span
      const server = snapshot.servers.find((each) => each.id === id)
      if (server === undefined) continue
      attempts += server.attempts.count
      picks += server.picks
      due += (server.dueShare ?? 0) * sumOf(snapshot.servers, (each) => each.picks)
      const good = server.attempts.latency
      if (good !== null) latency.addSparse(good.buckets, good.mean * good.count, good.min, good.max)
    }
    const quantile = (q: number) => (latency.count > 0 ? latency.quantile(q) : null)
    return {
      id,
      state: newest.state,
      reason: newest.reason,
      share: allPicks > 0 ? picks / allPicks : null,
      dueShare: allPicks > 0 ? due / allPicks : null,
      rate: span > 0 ? (attempts * 1000) / span : 0,
      inflight: newest.inflight,
      errors: this.errors.get(id) ?? 0,
      p50: quantile(0.5),
      p95: quantile(0.95),
      p99: quantile(0.99),
    }
  }
}

/** Attempts that went wrong, and not because the client left. */
export function errorsOf(outcomes: { error: number; timeout: number; refused: number }): number {
  return outcomes.error + outcomes.timeout + outcomes.refused
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  let sum = 0
  for (const item of items) sum += of(item)
  return sum
}
