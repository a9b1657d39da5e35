import { type CompactRow, type CompactServer, compactOf } from '../../proxy/core/compact-row.ts'
import { joinSnapshots } from '../../proxy/core/merge.ts'
import type { Snapshot, StateEvent } from '../../proxy/core/snapshot.ts'
import { toleranceOf } from '../shell/tilt.ts'

/** How many snapshots are looked at together where single seconds are too restless to read: shares, and the figures above the charts. */
const SECONDS = 10
/** So many are kept whole, for whoever wants to know distributions. */
const MINUTE = 60

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
  /** Of the last minute. */
  private snapshots: Snapshot[] = []
  /** Of the last ten seconds, for shares. */
  private window: CompactRow[] = []
  private joined: Snapshot | undefined
  private changedAt = -1

  get latest(): Snapshot | undefined {
    return this.snapshots.at(-1)
  }

  /** The last ten seconds as one; undefined before the first. */
  get recent(): Snapshot | undefined {
    if (this.snapshots.length > 0) this.joined ??= joinSnapshots(this.snapshots.slice(-SECONDS))
    return this.joined
  }

  /** The last minute as one, or what there is of it since something else has changed. */
  get minute(): Snapshot | undefined {
    const { steady } = this
    return steady.length === 0 ? undefined : joinSnapshots(steady)
  }

  /** Requests in each second of it. */
  get counts(): number[] {
    return this.steady.map(({ requests, span }) => (requests.rate * span) / 1000)
  }

  /** How many requests each server had in flight in it, on average. */
  get inflights(): ReadonlyMap<string, number> {
    const { steady } = this
    const means = new Map<string, number>()
    for (const { servers } of steady) {
      for (const { id, inflight } of servers)
        means.set(id, (means.get(id) ?? 0) + inflight / steady.length)
    }
    return means
  }

  /** What was measured up to now is of something that is no longer so. */
  changed(): void {
    this.changedAt = this.latest?.time ?? 0
  }

  private get steady(): Snapshot[] {
    const { strategy } = this.latest ?? {}
    const other = this.snapshots.findLastIndex(
      (each) => each.strategy !== strategy || each.time <= this.changedAt,
    )
    return this.snapshots.slice(other + 1)
  }

  add(snapshot: Snapshot): void {
    const { rows } = this
    const last = this.latest
    this.joined = undefined
    if (last !== undefined && snapshot.time <= last.time) {
      // Told twice: whoever comes late to the stream gets the latest once more.
      this.snapshots.pop()
      this.window.pop()
      rows.pop()
    } else if (last !== undefined && snapshot.time - last.time > SECONDS * 1000) {
      this.snapshots = [] // After a gap the old seconds say nothing about now.
      this.window = []
    }
    this.snapshots.push(snapshot)
    if (this.snapshots.length > MINUTE) this.snapshots.shift()
    rows.push(this.rowOf(compactOf(snapshot), this.window))
    if (rows.length > MOST_ROWS) rows.shift()
  }

  /** What was before, or in between; of what is known already nothing changes. */
  recall(past: readonly CompactRow[]): void {
    const known = new Set(this.rows.map(({ time }) => time))
    if (past.every(([time]) => known.has(time))) return
    const end = past.at(-1)![0]
    const window: CompactRow[] = []
    const told = [...past, ...this.window.filter(([time]) => time > end)]
    // Those of the last ten seconds did not know of what was before them.
    for (const [time] of this.window) known.delete(time)
    const better = told.map((row) => this.rowOf(row, window)).filter(({ time }) => !known.has(time))
    const kept = this.rows.filter(({ time }) => known.has(time))
    const all = [...kept, ...better].toSorted((a, b) => a.time - b.time).slice(-MOST_ROWS)
    this.rows.splice(0, Infinity, ...all)
    this.window = window
  }

  /** The figures follow with the next snapshot; the state does not wait for it. */
  setState({ reason, server, to }: StateEvent): void {
    const known = this.latest?.servers.find(({ id }) => id === server)
    if (known === undefined || to === 'gone') return
    known.state = to
    known.reason = reason
    this.joined = undefined
  }

  /** The proxy began anew: its times do, too. */
  clear(): void {
    this.rows.length = 0
    this.snapshots = []
    this.window = []
    this.joined = undefined
    this.changedAt = -1
  }

  /** `window`: the rows before, of the last ten seconds; this one goes in. */
  private rowOf(row: CompactRow, window: CompactRow[]): Row {
    const [time, rate, p50, p99, error, timeout, refused, waiting, servers] = row
    while (window.length > 0 && time - window[0][0] >= SECONDS * 1000) window.shift()
    window.push(row)
    const present = new Set(servers.map(([id]) => id))
    let all = 0
    const picks = new Map<string, number>()
    const due = new Map<string, number>()
    for (const [, , , , , , , , each] of window) {
      for (const [id, own, ownDue] of each) {
        if (!present.has(id)) continue
        all += own
        picks.set(id, (picks.get(id) ?? 0) + own)
        due.set(id, (due.get(id) ?? 0) + (ownDue ?? 0))
      }
    }
    const points = servers.map((server): [string, ServerPoint] => {
      const [id] = server
      if (all === 0) return [id, pointOf(server, null, null, null)]
      const share = due.get(id)! / all
      return [id, pointOf(server, picks.get(id)! / all, share, toleranceOf(share, all))]
    })
    return {
      time,
      rate,
      p50,
      p99,
      errors: { error, timeout, refused },
      inflight: servers.reduce((sum, each) => sum + each[7], 0),
      waiting,
      servers: new Map(points),
    }
  }
}

function pointOf(
  [, , , rate, p50, p95, p99, inflight]: CompactServer,
  share: number | null,
  due: number | null,
  tolerance: number | null,
): ServerPoint {
  return { rate, share, due, tolerance, p50, p95, p99, inflight }
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
