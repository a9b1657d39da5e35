import { Histogram } from '../../../proxy/core/histogram.ts'
import { summarize } from '../../../proxy/core/tally.ts'
import { SLICES } from '../../../simulator/study/curve.ts'
import type { Replication } from '../../../simulator/study/replication.ts'

/** A run whose requests took these times, with a curve of response times that is `level` of the slice. */
export function runOf(
  latencies: readonly number[],
  more: Partial<Replication> = {},
  level: (slice: number) => number = () => 10,
): Replication {
  const histogram = new Histogram()
  for (const latency of latencies) histogram.record(latency)
  return {
    seed: 1,
    span: 1000,
    generated: latencies.length,
    underWay: 0,
    requests: latencies.length,
    outcomes: { ok: latencies.length, error: 0, timeout: 0, refused: 0, aborted: 0 },
    latency: summarize(histogram),
    retries: 0,
    fairness: 1,
    servers: [
      { id: 's1', attempts: 1, failed: 0, share: 0.25, utilization: 0.5, inHand: 1 },
      { id: 's2', attempts: 3, failed: 0, share: 0.75, utilization: 0.7, inHand: 1 },
    ],
    sums: Float64Array.from({ length: SLICES }, (_, slice) => level(slice)),
    counts: new Float64Array(SLICES).fill(1),
    ...more,
  }
}
