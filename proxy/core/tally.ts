import { Histogram } from './histogram.ts'
import { OUTCOMES, type Outcome } from './recorder.ts'
import type { LatencySummary, Tally as TallySnapshot } from './snapshot.ts'

/** Counts how things ended, and how long the good ones took. */
export class Tally {
  readonly latency = new Histogram()
  private readonly counts: Record<Outcome, number> = {
    ok: 0,
    error: 0,
    timeout: 0,
    refused: 0,
    aborted: 0,
  }

  /** Hot: allocates nothing. */
  record(latency: number, outcome: Outcome): void {
    this.counts[outcome]++
    if (outcome === 'ok') this.latency.record(latency)
  }

  of(outcome: Outcome): number {
    return this.counts[outcome]
  }

  add(other: Tally): void {
    for (const outcome of OUTCOMES) this.counts[outcome] += other.counts[outcome]
    this.latency.add(other.latency)
  }

  /** Adds what another tally's `snapshot` gave; its sum comes back from the mean, to within rounding. */
  addSnapshot({ outcomes, latency }: TallySnapshot): void {
    for (const outcome of OUTCOMES) this.counts[outcome] += outcomes[outcome]
    if (latency === null) return
    const { buckets, count, max, mean, min } = latency
    this.latency.addSparse(buckets, mean * count, min, max)
  }

  clear(): void {
    for (const outcome of OUTCOMES) this.counts[outcome] = 0
    this.latency.clear()
  }

  /** Over a span of that many milliseconds. */
  snapshot(span: number): TallySnapshot {
    let count = 0
    for (const outcome of OUTCOMES) count += this.counts[outcome]
    const judged = count - this.counts.aborted
    return {
      count,
      outcomes: { ...this.counts },
      rate: span > 0 ? (count * 1000) / span : 0,
      errorRate: judged > 0 ? (judged - this.counts.ok) / judged : null,
      latency: summarize(this.latency),
    }
  }
}

/** The figures people ask for; null for an empty histogram. */
export function summarize(histogram: Histogram): LatencySummary | null {
  if (histogram.count === 0) return null
  return {
    count: histogram.count,
    mean: histogram.mean,
    min: histogram.min,
    p50: histogram.quantile(0.5),
    p90: histogram.quantile(0.9),
    p95: histogram.quantile(0.95),
    p99: histogram.quantile(0.99),
    p999: histogram.quantile(0.999),
    max: histogram.max,
    buckets: histogram.toSparse(),
  }
}
