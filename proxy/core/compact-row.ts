import type { Snapshot } from './snapshot.ts'

/**
 * A second as pages need it to draw: no histograms, and no names but those of servers, since there are many of these. Times are milliseconds,
 * rates per second.
 */
export type CompactRow = readonly [
  /** The end of it, since the proxy started. */
  time: number,
  rate: number,
  p50: number | null,
  p99: number | null,
  /** Per second, as clients saw them. */
  error: number,
  timeout: number,
  refused: number,
  waiting: number,
  servers: readonly CompactServer[],
]

export type CompactServer = readonly [
  id: string,
  /** Requests whose first attempt went here, and how many were due to; they add up over rows. */
  picks: number,
  due: number | null,
  /** Of attempts. */
  rate: number,
  p50: number | null,
  p95: number | null,
  p99: number | null,
  inflight: number,
]

/** What `history` answers. */
export interface Past {
  /** ISO 8601; the times in rows count from here. */
  startedAt: string
  /** Oldest first. */
  rows: CompactRow[]
}

export function compactOf({ requests, servers, span, time, waiting }: Snapshot): CompactRow {
  const perSecond = (count: number): number => (span > 0 ? (count * 1000) / span : 0)
  const { latency, outcomes, rate } = requests
  let picks = 0
  for (const server of servers) picks += server.picks
  return [
    time,
    rate,
    latency?.p50 ?? null,
    latency?.p99 ?? null,
    perSecond(outcomes.error),
    perSecond(outcomes.timeout),
    perSecond(outcomes.refused),
    waiting,
    servers.map(({ attempts, dueShare, id, inflight, picks: own }) => [
      id,
      own,
      dueShare === null ? null : dueShare * picks,
      attempts.rate,
      attempts.latency?.p50 ?? null,
      attempts.latency?.p95 ?? null,
      attempts.latency?.p99 ?? null,
      inflight,
    ]),
  ]
}
