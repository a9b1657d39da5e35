import type { ServerState } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import type { LatencySummary, ServerSnapshot, Snapshot, Tally } from '../core/snapshot.ts'
import type { AdminSources } from './sources.ts'
import { VERSION } from './version.ts'

/**
 * What `stats` answers. Latencies are milliseconds, rates per second, shares and error rates from 0 to 1; what cannot be
 * said yet is null. Everything counts from the start of the proxy but `lastSecond`, the last whole second.
 */
export interface Stats {
  version: string
  /** ISO 8601. */
  startedAt: string
  uptimeSeconds: number
  stopping: boolean
  strategy: string
  /** What the strategy promises of shares: `adaptive` follows the load and promises none. */
  promise: Snapshot['promise']
  /** So few servers are well that health is ignored: whether now, and how many requests were given out like that. */
  panic: { now: boolean; requests: number }
  /** Servers that may get a request now. */
  eligibleServers: number
  inFlight: number
  /** Requests that wait now because every server is full. */
  waiting: number
  /** As clients saw it, retries hidden. */
  total: Figures
  lastSecond: Figures | null
  /** Final answers by the class of their status; `left`: clients that went before one. */
  answers: Record<'1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'left', number>
  retries: {
    total: number
    /** By how the try before failed. */
    byReason: Record<string, number>
    /** How many more the budget would allow now. */
    budgetRemaining: number
  }
  /** Requests that no server saw, by the word of the error. */
  refused: Record<string, number>
  /** Connections of clients: now, at most (null for no limit), and those that were not let in, by why. */
  connections: { open: number; max: number | null; refused: Record<string, number> }
  servers: ServerStats[]
}

interface ServerStats {
  id: string
  state: ServerState
  /** Why, in a few words; may be empty. */
  reason: string
  weight: number
  /** Most requests in flight; null for no limit. */
  max: number | null
  /** Takes traffic only while no other server can. */
  backup: boolean
  inFlight: number
  /** Of those the tunnels (WebSocket and other upgrades) that are open. */
  tunnels: number
  /** `requests` are those whose first attempt went here; all else counts attempts. */
  total: ServerFigures
  lastSecond: ServerFigures | null
}

interface Figures {
  requests: number
  requestsPerSecond: number
  outcomes: Record<Outcome, number>
  /** Everything but `ok`, as a share of all that were not aborted. */
  errorRate: number | null
  /** Of those that ended `ok`. */
  latency: Latency | null
}

interface ServerFigures {
  requests: number
  /** `requests` as a share of all servers'. */
  share: number | null
  /** What the share should be by the strategy's promise (for `adaptive`, by weight), given who was eligible when. */
  expectedShare: number | null
  attemptsPerSecond: number
  attempts: Record<Outcome, number>
  errorRate: number | null
  latency: Latency | null
}

type Latency = Omit<LatencySummary, 'count' | 'buckets'>

/** `last`: the snapshot of the last whole second, if there was one. */
export function statsOf(sources: AdminSources, last: Snapshot | undefined): Stats {
  const { balancer, connections, counters, retry } = sources
  const total = sources.series.total()
  let inFlight = 0
  for (const server of balancer.servers) inFlight += server.inflight
  const [left, informed, succeeded, redirected, clientErrors, serverErrors] = counters.byClass
  return {
    version: VERSION,
    startedAt: sources.startedAt,
    uptimeSeconds: round(total.time / 1000),
    stopping: sources.stopping,
    strategy: total.strategy,
    promise: total.promise,
    panic: { now: total.panic, requests: total.panicPicks },
    eligibleServers: balancer.eligibleCount,
    inFlight,
    waiting: total.waiting,
    total: figuresOf(total.requests),
    lastSecond: last === undefined ? null : figuresOf(last.requests),
    answers: {
      '1xx': informed,
      '2xx': succeeded,
      '3xx': redirected,
      '4xx': clientErrors,
      '5xx': serverErrors,
      left,
    },
    retries: {
      total: total.retries,
      byReason: { ...counters.retries },
      budgetRemaining: Math.floor(retry.remaining),
    },
    refused: { ...counters.refused },
    connections: {
      open: connections.open,
      max: connections.most === Infinity ? null : connections.most,
      refused: { ...counters.turnedAway },
    },
    servers: balancer.servers.flatMap((server) => {
      const sum = total.servers.find((other) => other.id === server.id)
      if (sum === undefined) return [] // It has just come: in the sum of all threads it will be the next time.
      const recent = last?.servers.find((other) => other.id === server.id)
      return {
        id: server.id,
        state: server.state,
        reason: server.reason,
        weight: server.configuredWeight,
        max: server.max === Infinity ? null : server.max,
        backup: server.backup,
        inFlight: server.inflight,
        tunnels: counters.tunnels.of(server).open,
        total: serverFiguresOf(sum),
        lastSecond: recent === undefined ? null : serverFiguresOf(recent),
      }
    }),
  }
}

function figuresOf(tally: Tally): Figures {
  return {
    requests: tally.count,
    requestsPerSecond: round(tally.rate),
    outcomes: tally.outcomes,
    errorRate: roundShare(tally.errorRate),
    latency: latencyOf(tally.latency),
  }
}

function serverFiguresOf(server: ServerSnapshot): ServerFigures {
  return {
    requests: server.picks,
    share: roundShare(server.share),
    expectedShare: roundShare(server.dueShare),
    attemptsPerSecond: round(server.attempts.rate),
    attempts: server.attempts.outcomes,
    errorRate: roundShare(server.attempts.errorRate),
    latency: latencyOf(server.attempts.latency),
  }
}

function latencyOf(summary: LatencySummary | null): Latency | null {
  if (summary === null) return null
  const { mean, min, p50, p90, p95, p99, p999, max } = summary
  return {
    mean: round(mean),
    min: round(min),
    p50: round(p50),
    p90: round(p90),
    p95: round(p95),
    p99: round(p99),
    p999: round(p999),
    max: round(max),
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** To a ten-thousandth of a per cent: one failure in a million is still seen. */
function roundShare(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e6) / 1e6
}
