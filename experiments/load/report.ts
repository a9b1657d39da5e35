import type { Histogram } from '../../proxy/core/histogram.ts'
import { proportionInterval } from '../../simulator/statistics/proportion.ts'
import type { Booking, LoadAccount } from './account.ts'
import type { Lag } from './lag.ts'
import type { Rehearsal } from './rehearsal.ts'
import type { Second } from './seconds.ts'
import type { Told } from './thresholds.ts'

/** Changes when a field changes its meaning or goes; new ones may come. */
export const SCHEMA = 'evenkeel.load/1'

/** What a run came to, as it is told. Times are milliseconds, shares from 0 to 1; null where there is nothing to say. */
export interface LoadReport {
  readonly schema: typeof SCHEMA
  readonly target: string
  readonly model: 'open' | 'closed'
  /** In a few words. */
  readonly load: string
  readonly seed: number
  /** UTC. */
  readonly began: string
  /** How long requests were sent, warm-up included. */
  readonly elapsed: number
  readonly warmup: number
  readonly interrupted: boolean
  /** What our code was warmed up with, off the record, and not on the target; null: nothing. */
  readonly rehearsal: Rehearsal | null
  readonly machine: Readonly<Record<string, string | number>>
  readonly versions: { readonly evenkeel: string; readonly node: string }
  /** False where response times do not say what the target did. */
  readonly valid: boolean
  readonly invalidBecause: readonly string[]
  readonly requests: Conservation
  readonly warmupRequests: Conservation
  /** Due and answered a second, after the warm-up. */
  readonly rates: { readonly due: number; readonly answered: number }
  readonly statuses: Readonly<Record<string, number>>
  readonly times: { readonly response: Times; readonly service: Times; readonly lateness: Times }
  /** The field that names servers, and what those that it named did. */
  readonly serverHeader: string
  readonly servers: readonly ServerLine[]
  readonly pages: readonly Line[]
  readonly checks: readonly {
    readonly name: string
    readonly passed: number
    readonly failed: number
  }[]
  readonly reasons: readonly { readonly reason: string; readonly count: number }[]
  readonly lag: { readonly generator: Lag; readonly proxy: Lag | null }
  readonly thresholds: readonly Told[]
  readonly seconds: readonly Second[]
}

/** due = answered + failed + unconnected + unsendable + shed + inFlight, or there is something missing. */
export interface Conservation {
  readonly due: number
  readonly answered: number
  readonly failed: number
  readonly unconnected: number
  readonly unsendable: number
  readonly shed: number
  readonly inFlight: number
  readonly missing: number
}

export interface Times {
  readonly count: number
  readonly mean: number | null
  readonly min: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly max: number | null
}

export interface Line {
  readonly name: string
  readonly answers: number
  /** Answers of 500 and above, and requests without any. */
  readonly errors: number
  readonly response: Times
}

export interface ServerLine extends Line {
  /** Of the answers that name a server, with its 95 % interval. */
  readonly share: number
  readonly low: number
  readonly high: number
}

export function conservationOf(account: LoadAccount): Conservation {
  const { answered, due, failed, inflight, missing, shed, unconnected, unsendable } = account
  return { due, answered, failed, unconnected, unsendable, shed, inFlight: inflight, missing }
}

export function timesOf(histogram: Histogram): Times {
  const some = histogram.count > 0
  const at = (q: number): number | null => (some ? histogram.quantile(q) : null)
  return {
    count: histogram.count,
    mean: some ? histogram.mean : null,
    min: some ? histogram.min : null,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: some ? histogram.max : null,
  }
}

/** By name; answers that named no server are left out, since the proxy gave them itself, or nobody says who. */
export function serverLines({ servers }: LoadAccount): ServerLine[] {
  const named = [...servers].filter(([name]) => name !== '')
  const all = named.reduce((sum, [, { answers }]) => sum + answers, 0)
  return named.toSorted(byName).map(([name, booking]) => {
    const { high, low } = proportionInterval(booking.answers, all)
    return { ...lineOf(name, booking), share: booking.answers / all, low, high }
  })
}

export function pageLines({ pages }: LoadAccount): Line[] {
  return [...pages].toSorted(byName).map(([name, booking]) => lineOf(name, booking))
}

/** `2xx` and so on. */
export function statusesOf({ byClass }: LoadAccount): Record<string, number> {
  return Object.fromEntries([1, 2, 3, 4, 5].map((kind) => [`${kind}xx`, byClass[kind]]))
}

function lineOf(name: string, booking: Booking): Line {
  const { answers, byClass, failed, response } = booking
  return { name, answers, errors: byClass[5] + failed, response: timesOf(response) }
}

/** `b2` before `b10`. */
function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
