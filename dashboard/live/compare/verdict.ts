import { Histogram } from '../../../proxy/core/histogram.ts'
import type { Snapshot } from '../../../proxy/core/snapshot.ts'
import type { Standing } from '../../../simulator/study/comparison.ts'
import { duration, percent } from '../../shell/words.ts'

/** One figure, as it was predicted and as it was measured. */
export interface Pair {
  readonly title: string
  readonly predicted: number | null
  /** Half of the interval around it. */
  readonly half: number | null
  readonly measured: number | null
  readonly share: boolean
}

/** Servers by share, then percentiles of all requests. `joined`: what was measured when the scenario was made. */
export function pairsOf({ figures, runs }: Standing, joined: Snapshot): Pair[] {
  const shares = joined.servers.map(({ id, share }): Pair => {
    const all = runs.map(({ servers }) => servers.find((each) => each.id === id)?.share ?? null)
    const known = all.filter((each) => each !== null)
    const mean = known.reduce((sum, each) => sum + each, 0) / known.length
    const predicted = known.length === 0 ? null : mean
    return { title: id, predicted, half: null, measured: share, share: true }
  })
  const { latency } = joined.requests
  const times = (['p50', 'p95', 'p99'] as const).map((key): Pair => {
    const figure = figures[key]
    const half = figure === null || !Number.isFinite(figure.half) ? null : figure.half
    return {
      title: key,
      predicted: figure?.mean ?? null,
      half,
      measured: latency?.[key] ?? null,
      share: false,
    }
  })
  return [...shares, ...times]
}

/** How far off the prediction was: of shares in points, of times as a part of what was measured. */
function errorOf({ measured, predicted, share }: Pair): number | null {
  if (measured === null || predicted === null) return null
  return share ? predicted - measured : measured === 0 ? null : predicted / measured - 1
}

export function errorWords(pair: Pair): string {
  const error = errorOf(pair)
  if (error === null) return '–'
  const size = Math.abs(error)
  if (pair.share) return `${error < 0 ? '−' : '+'}${(size * 100).toFixed(1)} points`
  return size < 0.005 ? 'the same' : `${percent(size)} too ${error < 0 ? 'low' : 'high'}`
}

export function valueWords(value: number | null, share: boolean): string {
  if (value === null) return '–'
  return share ? percent(value) : duration(value).join(' ')
}

/** All of it in a sentence or two. */
export function summary(pairs: readonly Pair[]): string {
  const most = (share: boolean): number | undefined => {
    const sizes = pairs
      .filter((pair) => pair.share === share)
      .map((pair) => errorOf(pair))
      .filter((each) => each !== null)
      .map(Math.abs)
    return sizes.length === 0 ? undefined : Math.max(...sizes)
  }
  const [shares, times] = [most(true), most(false)]
  if (shares === undefined || times === undefined) return 'There is too little to compare.'
  const verdict =
    shares < 0.01 && times < 0.1
      ? 'The model and the proxy agree.'
      : shares < 0.03 && times < 0.25
        ? 'The model is near, and not exact.'
        : 'The model misses something that matters here.'
  return `${verdict} Shares differ by at most ${(shares * 100).toFixed(1)} points, times by at most ${percent(times)}.`
}

export interface CurvePoint {
  /** How many nines: 1 is p90, 2 is p99. */
  readonly x: number
  readonly y: number
}

/** The whole distribution, stretched towards the tail. */
export function curveOf(parts: readonly Snapshot['requests']['latency'][]): CurvePoint[] {
  const all = new Histogram()
  for (const part of parts) {
    if (part !== null) all.addSparse(part.buckets, part.mean * part.count, part.min, part.max)
  }
  const points: CurvePoint[] = []
  // Beyond, fewer than ten requests speak.
  const end = Math.min(3, Math.log10(Math.max(1, all.count / 10)))
  if (all.count === 0) return points
  for (let x = 0; x <= end + 1e-9; x += 0.05) points.push({ x, y: all.quantile(1 - 10 ** -x) })
  return points
}
