import { BUCKETS, type Histogram, midpointOf } from '../../proxy/core/histogram.ts'

/** Rows until half of what is left, and then until half of that. */
const TICKS = 5
const SUB_BUCKETS = 64

/**
 * The percentile distribution in HdrHistogram's own text, which its plotter draws (http://hdrhistogram.github.io/HdrHistogram/plotFiles.html):
 * value, the share that it is not below, how many that are, and 1 / (1 - share). Milliseconds.
 */
export function hgrmReport(times: Histogram): string {
  const rows: string[] = ['       Value     Percentile TotalCount 1/(1-Percentile)', '']
  const { count, max, min } = times
  const sparse = times.toSparse()
  let seen = 0
  let level = 0
  for (let i = 0; i < sparse.length; i += 2) {
    seen += sparse[i + 1]
    const value = Math.min(max, Math.max(min, midpointOf(sparse[i])))
    if (seen === count) break
    // One row for each level that this bucket reaches.
    for (const reached = (100 * seen) / count; level <= reached; level += step(level))
      rows.push(row(value, level / 100, seen, (1 / (1 - level / 100)).toFixed(2)))
  }
  if (count > 0) {
    rows.push(row(max, level / 100, count, (1 / (1 - level / 100)).toFixed(2)))
    rows.push(row(max, 1, count, ''))
  }
  const [mean, deviation] = [count === 0 ? 0 : times.mean, deviationOf(times, sparse)]
  return [
    ...rows,
    `#[Mean    = ${mean.toFixed(3).padStart(12)}, StdDeviation   = ${deviation.toFixed(3).padStart(12)}]`,
    `#[Max     = ${max.toFixed(3).padStart(12)}, Total count    = ${String(count).padStart(12)}]`,
    `#[Buckets = ${String(BUCKETS / SUB_BUCKETS).padStart(12)}, SubBuckets     = ${String(SUB_BUCKETS).padStart(12)}]`,
    '',
  ].join('\n')
}

function step(level: number): number {
  const halvings = Math.trunc(Math.log2(100 / (100 - level))) + 1
  return 100 / (TICKS * 2 ** halvings)
}

function row(value: number, share: number, seen: number, inverse: string): string {
  const columns = [
    value.toFixed(3).padStart(12),
    share.toFixed(12).padStart(14),
    String(seen).padStart(10),
  ]
  return [...columns, ...(inverse === '' ? [] : [inverse.padStart(14)])].join(' ')
}

function deviationOf({ count, mean }: Histogram, sparse: readonly number[]): number {
  if (count === 0) return 0
  let squares = 0
  for (let i = 0; i < sparse.length; i += 2)
    squares += sparse[i + 1] * (midpointOf(sparse[i]) - mean) ** 2
  return Math.sqrt(squares / count)
}
