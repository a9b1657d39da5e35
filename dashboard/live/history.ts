import { joinSnapshots } from '../../proxy/core/merge.ts'
import type { ServerSnapshot, Snapshot, Tally } from '../../proxy/core/snapshot.ts'
import { toleranceOf } from '../shell/tilt.ts'

/** How many snapshots are looked at together where single seconds are too restless to read: shares, and the figures above the charts. */
const SECONDS = 10

/** What is kept of a second, for as long as somebody may look back. */
export interface Row {
  /** The end of it, in milliseconds since the proxy started. */
  readonly time: number
  readonly rate: number
  readonly p50: number | null
  readonly p99: number | null
  /** Per second, as clients saw them. */
  readonly errors: Readonly<Record<ErrorKind, number>>
  readonly inflight: number
  readonly waiting: number
  readonly servers: ReadonlyMap<string, ServerPoint>
}

export interface ServerPoint {
  /** Attempts per second. */
  readonly rate: number
  /** Of the last ten seconds; null where nothing came. */
  readonly share: number | null
  readonly due: number | null
  /** What chance may add to the due share, or take from it. */
  readonly tolerance: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly inflight: number
}

export const ERROR_KINDS = ['error', 'timeout', 'refused'] as const
export type ErrorKind = (typeof ERROR_KINDS)[number]

/** Looks back that far, in seconds. */
const MOST_ROWS = 3600

/** What the page knows: the last ten seconds whole, and a row for each of the last hour's. Memory does not grow beyond that. */
export class History {
  readonly rows: Row[] = []
  private snapshots: Snapshot[] = []

  get latest(): Snapshot | undefined {
    return this.snapshots.at(-1)
  }

  /** The last ten seconds as one; undefined before the first. */
  get recent(): Snapshot | undefined {
    return this.snapshots.length === 0 ? undefined : joinSnapshots(this.snapshots)
  }

  add(snapshot: Snapshot): void {
    const { rows } = this
    const last = this.latest
    if (last !== undefined && snapshot.time <= last.time) {
      // Told twice: whoever comes late to the stream gets the latest once more.
      this.snapshots.pop()
      rows.pop()
    } else if (last !== undefined && snapshot.time - last.time > SECONDS * 1000) {
      this.snapshots = [] // After a gap the old seconds say nothing about now.
    }
    this.snapshots.push(snapshot)
    if (this.snapshots.length > SECONDS) this.snapshots.shift()
    rows.push(rowOf(snapshot, joinSnapshots(this.snapshots)))
    if (rows.length > MOST_ROWS) rows.shift()
  }

  /** The proxy began anew: its times do, too. */
  clear(): void {
    this.rows.length = 0
    this.snapshots = []
  }
}

function rowOf(snapshot: Snapshot, recent: Snapshot): Row {
  const { requests, servers, span, time, waiting } = snapshot
  let picks = 0
  for (const server of recent.servers) picks += server.picks
  return {
    time,
    rate: requests.rate,
    p50: requests.latency?.p50 ?? null,
    p99: requests.latency?.p99 ?? null,
    errors: errorsOf(requests, span),
    inflight: servers.reduce((sum, { inflight }) => sum + inflight, 0),
    waiting,
    servers: new Map(
      servers.map((server, i) => [server.id, pointOf(server, recent.servers[i], picks)]),
    ),
  }
}

function errorsOf({ outcomes }: Tally, span: number): Record<ErrorKind, number> {
  const perSecond = (count: number): number => (span > 0 ? (count * 1000) / span : 0)
  return {
    error: perSecond(outcomes.error),
    timeout: perSecond(outcomes.timeout),
    refused: perSecond(outcomes.refused),
  }
}

function pointOf(
  { attempts, inflight }: ServerSnapshot,
  { dueShare, share }: ServerSnapshot,
  picks: number,
): ServerPoint {
  const { latency, rate } = attempts
  return {
    rate,
    share,
    due: dueShare,
    tolerance: dueShare === null || picks === 0 ? null : toleranceOf(dueShare, picks),
    p50: latency?.p50 ?? null,
    p95: latency?.p95 ?? null,
    p99: latency?.p99 ?? null,
    inflight,
  }
}

/**
 * The rows of a span of time, at most so many: beyond that neighbours become one, with the mean of what is counted and the worst of what is
 * measured, so that no peak is lost. `gap`: rows further apart than that, in milliseconds, are not joined by a line; between them stands undefined.
 */
export function rowsBetween(
  rows: readonly Row[],
  from: number,
  to: number,
  most = 1500,
): readonly Row[] {
  const first = rows.findIndex(({ time }) => time >= from)
  if (first < 0) return []
  let last = rows.length
  while (last > first && rows[last - 1].time > to) last--
  const step = Math.ceil((last - first) / most)
  if (step <= 1) return rows.slice(first, last)
  const thinned: Row[] = []
  // Groups begin at times that do not move, lest the picture flicker as rows come in.
  const size = step * 1000
  let group: Row[] = []
  for (let i = first; i < last; i++) {
    const row = rows[i]
    if (group.length > 0 && Math.floor(group[0].time / size) !== Math.floor(row.time / size)) {
      thinned.push(oneOf(group))
      group = []
    }
    group.push(row)
  }
  if (group.length > 0) thinned.push(oneOf(group))
  return thinned
}

function oneOf(group: readonly Row[]): Row {
  const last = group[group.length - 1]
  if (group.length === 1) return last
  const mean = (of: (row: Row) => number): number =>
    group.reduce((sum, row) => sum + of(row), 0) / group.length
  return {
    time: last.time,
    rate: mean(({ rate }) => rate),
    p50: worst(group, ({ p50 }) => p50),
    p99: worst(group, ({ p99 }) => p99),
    errors: {
      error: mean(({ errors }) => errors.error),
      timeout: mean(({ errors }) => errors.timeout),
      refused: mean(({ errors }) => errors.refused),
    },
    inflight: worst(group, ({ inflight }) => inflight)!,
    waiting: worst(group, ({ waiting }) => waiting)!,
    servers: new Map([...last.servers].map(([id, point]) => [id, onePoint(group, id, point)])),
  }
}

function onePoint(group: readonly Row[], id: string, last: ServerPoint): ServerPoint {
  const points = group.map(({ servers }) => servers.get(id)).filter((each) => each !== undefined)
  return {
    ...last,
    rate: points.reduce((sum, { rate }) => sum + rate, 0) / points.length,
    p50: worst(points, ({ p50 }) => p50),
    p95: worst(points, ({ p95 }) => p95),
    p99: worst(points, ({ p99 }) => p99),
    inflight: worst(points, ({ inflight }) => inflight)!,
  }
}

function worst<T>(items: readonly T[], of: (item: T) => number | null): number | null {
  let most: number | null = null
  for (const item of items) {
    const value = of(item)
    if (value !== null && (most === null || value > most)) most = value
  }
  return most
}
