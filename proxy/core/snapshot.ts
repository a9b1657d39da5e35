import type { ServerState } from './endpoint.ts'
import type { Outcome } from './recorder.ts'

/**
 * What was recorded over a span of time, as plain data: sent as JSON, drawn by the terminal, the page and the reports.
 * Times are milliseconds, rates per second, shares and error rates from 0 to 1.
 */
export interface Snapshot {
  /** When the span ended, since the recorder began. */
  time: number
  /** How long it was. */
  span: number
  strategy: string
  /** What the strategy promises of shares: a fixed one, or none, because it follows the load. */
  promise: 'equal' | 'weight' | 'adaptive'
  /** As clients saw it. */
  requests: Tally
  /** Attempts beyond the first of each request. */
  retries: number
  /** Requests that wait for room now. */
  waiting: number
  /** So few servers are well that health is ignored. */
  panic: boolean
  /** Requests whose first attempt was given out like that. */
  panicPicks: number
  servers: ServerSnapshot[]
  /** Changes of state during the span, oldest first. */
  events: StateEvent[]
}

export interface ServerSnapshot {
  id: string
  state: ServerState
  /** Why, in a few words; may be empty. */
  reason: string
  weight: number
  inflight: number
  /** Requests whose first attempt went here during the span. */
  picks: number
  /** `picks` as a share of all; null when there were none. */
  share: number | null
  /** What the share should be by the strategy's promise (for `adaptive`, by weight), given who was eligible when. */
  dueShare: number | null
  attempts: Tally
}

export interface Tally {
  count: number
  outcomes: Record<Outcome, number>
  /** Per second. */
  rate: number
  /** Everything but `ok`, as a share of all that were not aborted; null when there were none. */
  errorRate: number | null
  /** Of those that ended `ok`; failures are counted, never averaged in. Null when there were none. */
  latency: LatencySummary | null
}

export interface LatencySummary {
  count: number
  mean: number
  min: number
  p50: number
  p90: number
  p95: number
  p99: number
  p999: number
  max: number
  /** The histogram itself: bucket, count, bucket, count, …; add them up over snapshots with `Histogram.addSparse`. */
  buckets: number[]
}

export interface StateEvent {
  time: number
  server: string
  from: ServerState | 'gone'
  to: ServerState | 'gone'
  reason: string
}
