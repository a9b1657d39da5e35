import type { Replication } from './replication.ts'

/** A figure of a run; null where the run has none. Times are milliseconds, shares from 0 to 1. */
export interface Metric {
  readonly key: string
  readonly title: string
  /** Without a steady state it means nothing. */
  readonly steady?: true
  /** More of it is better, or neither is (then nobody judges by it). Default: less is better. */
  readonly better?: 'more' | 'neither'
  of(run: Replication): number | null
}

export const METRICS = [
  { key: 'mean', title: 'mean', steady: true, of: ({ latency }) => latency?.mean ?? null },
  { key: 'p50', title: 'p50', steady: true, of: ({ latency }) => latency?.p50 ?? null },
  { key: 'p95', title: 'p95', steady: true, of: ({ latency }) => latency?.p95 ?? null },
  { key: 'p99', title: 'p99', steady: true, of: ({ latency }) => latency?.p99 ?? null },
  { key: 'p999', title: 'p99.9', steady: true, of: ({ latency }) => latency?.p999 ?? null },
  { key: 'errors', title: 'errors', of: (run) => errorsOf(run) },
  // Of those that came in the window, however late they end: where queues grow that is what came, not what was done.
  {
    key: 'goodput',
    title: 'good/s',
    steady: true,
    better: 'more',
    of: (run) => goodputOf(run),
  },
  { key: 'fairness', title: 'Jain', better: 'neither', of: ({ fairness }) => fairness },
  { key: 'leastShare', title: 'least share', better: 'neither', of: (run) => shares(run)[0] },
  { key: 'mostShare', title: 'most share', better: 'neither', of: (run) => shares(run)[1] },
  {
    key: 'retries',
    title: 'retries',
    of: ({ requests, retries }) => (requests > 0 ? retries / requests : null),
  },
  {
    key: 'utilization',
    title: 'busy',
    better: 'neither',
    of: ({ servers }) =>
      servers.length > 0
        ? servers.reduce((sum, { utilization }) => sum + utilization, 0) / servers.length
        : null,
  },
] as const satisfies readonly Metric[]

export type MetricKey = (typeof METRICS)[number]['key']

/** Of those that were judged: a client that left is nobody's fault. */
function errorsOf({ outcomes, requests }: Replication): number | null {
  const judged = requests - outcomes.aborted
  return judged > 0 ? (judged - outcomes.ok) / judged : null
}

function goodputOf({ outcomes, span }: Replication): number | null {
  return span > 0 ? (outcomes.ok * 1000) / span : null
}

function shares({ servers }: Replication): [number | null, number | null] {
  if (servers.length === 0) return [null, null]
  let least = 1
  let most = 0
  for (const { share } of servers) {
    least = Math.min(least, share)
    most = Math.max(most, share)
  }
  return [least, most]
}
