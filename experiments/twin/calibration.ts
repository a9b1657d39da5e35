import { hash32 } from '../../proxy/core/hash.ts'
import type { EmpiricalSpec } from '../../simulator/distributions/empirical.ts'
import { sortedQuantile } from '../../simulator/statistics/percentile.ts'
import type { Sent } from '../world/errand.ts'
import type { LiveRun } from '../world/live-run.ts'

/** How many values are kept of a distribution: its tail up to 99.8 %, and a file that people can read. */
const KEPT = 500

/** What is not the servers' own time, in milliseconds. */
export interface Calibration {
  /** In front of the proxy: from when a request is due until the proxy chooses a server, and from when it has the answer until the client has. */
  readonly front: Way
  /** Behind it: from there to the server, and back; one way. While it lasts the request is in flight. */
  readonly behind: Way
}

export interface Way extends Spread {
  /** Quantiles at equal steps, each as likely as another. */
  readonly values: readonly number[]
}

export interface Spread {
  readonly mean: number
  readonly p50: number
  readonly p99: number
}

/**
 * What the ways take, as the clocks of clients, proxy and servers say; they are one. Of a run in front of one server, without retries: each
 * request is found in the proxy's journal by its key, which is its own.
 */
export function calibrationOf(run: LiveRun, warmup: number): Calibration {
  const times = timesAtProxy(run)
  const front: number[] = []
  const behind: number[] = []
  for (const { arrived, due, ended, finished, key } of answered(run, warmup)) {
    const at = times.get(hash32(key) | 0)
    if (at === undefined) continue
    front.push(at.chosen - due + ended - at.released)
    behind.push(arrived - at.chosen, at.released - finished)
  }
  return { front: wayOf(front), behind: wayOf(behind) }
}

/** From when requests are due until they are at their servers, and back: by what clients and servers know. */
export function outsideOf(run: LiveRun, warmup: number): Spread {
  return spreadOf(
    answered(run, warmup).map(({ arrived, due, ended, finished }) => {
      return arrived - due + ended - finished
    }),
  )
}

/** For `Scenario.network`. */
export function networkOf({ behind }: Calibration): EmpiricalSpec {
  return { type: 'empirical', values: behind.values }
}

function answered({ requests }: LiveRun, warmup: number): Sent[] {
  return requests.filter(({ due, finished }) => due >= warmup && finished >= 0)
}

interface AtProxy {
  readonly chosen: number
  released: number
}

function timesAtProxy({ decisions, zero }: LiveRun): Map<number, AtProxy> {
  const { entries, head } = decisions
  const byKey = new Map<number, AtProxy>()
  const inOrder: AtProxy[] = []
  for (const entry of entries) {
    const now = entry[1] + head.origin - zero
    if (entry[0] === 'acquire') {
      const at = { chosen: now, released: NaN }
      byKey.set(entry[2] | 0, at)
      inOrder.push(at)
    } else if (entry[0] === 'release') {
      // It says how long it took, and so when it began: some microseconds after the choice, and before the next one.
      const began = now - entry[3] + 1e-6
      const at = inOrder.findLast(({ chosen }) => chosen <= began)
      if (at !== undefined) at.released = now
    }
  }
  for (const [key, { released }] of byKey) if (Number.isNaN(released)) byKey.delete(key)
  return byKey
}

function wayOf(values: readonly number[]): Way {
  const sorted = Float64Array.from(values, (value) => Math.max(0, value)).sort()
  if (sorted.length === 0) throw new Error('the calibration found no request: let it take longer')
  const kept = Array.from({ length: KEPT }, (_, i) => {
    return micros(sorted[Math.floor(((i + 0.5) * sorted.length) / KEPT)])
  })
  return { ...spreadOf(values), values: kept }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) return { mean: 0, p50: 0, p99: 0 }
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  return {
    mean: micros(mean),
    p50: micros(sortedQuantile(sorted, 0.5)),
    p99: micros(sortedQuantile(sorted, 0.99)),
  }
}

function micros(value: number): number {
  return Math.round(value * 1000) / 1000
}
