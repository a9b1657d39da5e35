import { NOTHING } from '../../simulator/format.ts'
import type { Interval } from '../../simulator/statistics/interval.ts'
import type { Standing } from '../../simulator/study/comparison.ts'
import type { MetricKey } from '../../simulator/study/metrics.ts'

/** A figure, and half the width of its interval; '' if there is none. */
export interface Measured {
  readonly value: string
  readonly half: string
}

/** Mean, p50, p95, p99 and p99.9. */
export function times({ mean, p50, p95, p99, p999 }: Standing['figures']): Measured[] {
  return [time(mean), ...[p50, p95, p99, p999].map(percentile)]
}

/** Percentiles come from buckets (see proxy/core/histogram.ts): nobody knows them better than to half of one. */
const RESOLUTION = 1 / 128

function percentile(figure: Interval | null): Measured {
  if (figure === null) return time(null)
  return time({ ...figure, half: Math.max(figure.half, figure.mean * RESOLUTION) })
}

/** Milliseconds with three digits that mean something, and as many for the interval. */
function time(figure: Interval | null): Measured {
  if (figure === null) return { value: NOTHING, half: '' }
  const digits = figure.mean >= 100 ? 0 : figure.mean >= 10 ? 1 : 2
  return { value: fixed(figure.mean, digits), half: halfOf(figure.half, digits) }
}

/** A share, as per cent. */
function share(figure: Interval | null, digits = 1): Measured {
  if (figure === null) return { value: NOTHING, half: '' }
  // What is none at all is not rounded to none.
  const places = figure.mean > 0 && figure.mean < 0.001 ? 3 : digits
  const half = figure.half * 100
  return { value: `${(figure.mean * 100).toFixed(places)} %`, half: halfOf(half, places) }
}

export function plainShare(figure: Interval | null, digits = 1): string {
  return share(figure, digits).value
}

/** `9.8–10.2 %`. */
export function shareRange({ figures }: Standing): string {
  const { leastShare, mostShare } = figures
  if (leastShare === null || mostShare === null) return NOTHING
  const [low, high] = [leastShare.mean, mostShare.mean].map((each) => (each * 100).toFixed(1))
  return low === high ? `${low} %` : `${low}–${high} %`
}

export function jain({ figures }: Standing): string {
  return figures.fairness === null ? NOTHING : figures.fairness.mean.toFixed(3)
}

/** Of a hundred requests. */
export function retries({ figures }: Standing): string {
  return figures.retries === null ? NOTHING : (figures.retries.mean * 100).toFixed(1)
}

export function together({ half, value }: Measured): string {
  return half === '' ? value : `${value} ${half}`
}

function halfOf(half: number, digits: number): string {
  return half === Infinity ? '' : `±${fixed(half, digits)}`
}

function fixed(value: number, digits: number): string {
  return value.toLocaleString('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** Any of the figures that less or more is better of, as a table has it. */
export function figure(figures: Standing['figures'], key: MetricKey): string {
  const value = figures[key]
  if (key === 'errors') return plainShare(value, 2)
  if (key === 'retries') return value === null ? NOTHING : (value.mean * 100).toFixed(1)
  return together(key === 'mean' || key === 'goodput' ? time(value) : percentile(value))
}
