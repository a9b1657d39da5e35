import type { Replication } from '../../../simulator/study/replication.ts'
import { METRICS } from '../../../simulator/study/metrics.ts'
import type { Figure } from '../../thresholds/figures.ts'

const QUANTILES: Readonly<Record<number, 'p50' | 'p90' | 'p95' | 'p99' | 'p999'>> = {
  0.5: 'p50',
  0.9: 'p90',
  0.95: 'p95',
  0.99: 'p99',
  0.999: 'p999',
}

/** Percentiles come from buckets (see proxy/core/histogram.ts): nobody knows them better than to half of one. */
const RESOLUTION = 1 / 128

/** The share of a value that its measurement cannot see. */
export function grainOf({ what }: Figure): number {
  return what === 'quantile' ? RESOLUTION : 0
}

/** Why no run of the simulator has such a figure; undefined if it has. */
export function whyNotOf({ name, quantile, scope, what }: Figure): string | undefined {
  if (scope === 'twin') return `${name} is of a prediction: it belongs to scenarios under twin`
  if (scope !== '')
    return `${name} is for evenkeel load: a simulated request is sent when it is due`
  if (what !== 'quantile' || QUANTILES[quantile!] !== undefined) return undefined
  return `${name} is not kept of simulated runs: there are p50, p90, p95, p99 and p99.9`
}

/** Whether it means nothing where response times find no level. */
export function needsLevel({ kind, what }: Figure): boolean {
  return kind === 'time' || what === 'goodput'
}

/** More of it is better. */
export function wantsMore({ what }: Figure): boolean {
  return what === 'goodput' || what === 'rate' || what === 'fairness'
}

/** The figure of one run; null where the run has none. */
export function valueOf({ quantile, server, what }: Figure, run: Replication): number | null {
  const { latency, outcomes, requests, span } = run
  const part = (count: number): number | null => (requests > 0 ? count / requests : null)
  if (server !== undefined) return ofServer(what, server, run)
  if (what === 'quantile') return latency?.[QUANTILES[quantile!]] ?? null
  if (what === 'mean' || what === 'min' || what === 'max') return latency?.[what] ?? null
  if (what === 'timeouts') return part(outcomes.timeout)
  if (what === 'refused') return part(outcomes.refused)
  if (what === 'rate') return span > 0 ? (requests * 1000) / span : null
  if (what === 'requests') return requests
  const key = METRIC[what] ?? what
  return METRICS.find((each) => each.key === key)!.of(run)
}

const METRIC: Readonly<Record<string, string>> = {
  busy: 'utilization',
  'share.least': 'leastShare',
  'share.most': 'mostShare',
}

function ofServer(what: string, id: string, { servers }: Replication): number | null {
  // One that came on the way may not have come in this run.
  const server = servers.find((each) => each.id === id)
  if (server === undefined) return null
  if (what === 'busy') return server.utilization
  if (what === 'share') return server.share
  return server.attempts > 0 ? server.failed / server.attempts : null
}
