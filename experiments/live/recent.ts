import type { ServerState } from '../../proxy/core/endpoint.ts'
import { joinSnapshots } from '../../proxy/core/merge.ts'
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
    if (this.snapshots.length === 0) return []
    return joinSnapshots(this.snapshots).servers.map((server) => this.row(server))
  }

  private row({
    attempts,
    dueShare,
    id,
    inflight,
    reason,
    share,
    state,
  }: ServerSnapshot): ServerRow {
    const { latency, rate } = attempts
    return {
      id,
      state,
      reason,
      share,
      dueShare,
      rate,
      inflight,
      errors: this.errors.get(id) ?? 0,
      p50: latency?.p50 ?? null,
      p95: latency?.p95 ?? null,
      p99: latency?.p99 ?? null,
    }
  }
}

/** Attempts that went wrong, and not because the client left. */
export function errorsOf(outcomes: { error: number; timeout: number; refused: number }): number {
  return outcomes.error + outcomes.timeout + outcomes.refused
}
