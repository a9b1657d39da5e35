import type { EmpiricalSpec } from '../../simulator/distributions/empirical.ts'
import { sortedQuantile } from '../../simulator/statistics/percentile.ts'
import type { LiveRun } from '../world/live-run.ts'

/** How many values are kept of a distribution: its tail up to 99.8 %, and a file that people can read. */
const KEPT = 500

/** What is not the servers' own time: what a message takes, one way. Times are milliseconds. */
export interface Calibration {
  /** From when a request is due until it is at its server: the generator's delay, two sockets, and the proxy. */
  readonly out: Spread
  /** From when a server is done until the client has the answer: its delay, and the same way back. */
  readonly back: Spread
  /** Both together, as quantiles at equal steps: what the simulator draws from, once each way. */
  readonly values: readonly number[]
}

export interface Spread {
  readonly mean: number
  readonly p50: number
  readonly p99: number
}

/** What the way takes in a run, as the clocks of client and servers say; they are one. */
export function calibrationOf({ requests }: LiveRun, warmup: number): Calibration {
  const whole = requests.filter(({ due, finished }) => due >= warmup && finished >= 0)
  const out = Float64Array.from(whole, ({ arrived, due }) => arrived - due).sort()
  const back = Float64Array.from(whole, ({ ended, finished }) => ended - finished).sort()
  const all = Float64Array.from([...out, ...back]).sort()
  const values = Array.from({ length: KEPT }, (_, i) => {
    return Math.max(0, all[Math.floor(((i + 0.5) * all.length) / KEPT)])
  })
  return { out: spread(out), back: spread(back), values: values.map(micros) }
}

/** For `Scenario.network`. */
export function networkOf({ values }: Calibration): EmpiricalSpec {
  return { type: 'empirical', values }
}

function spread(sorted: Float64Array): Spread {
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
