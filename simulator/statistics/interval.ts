import { between0and1, finite } from './preconditions.ts'
import { studentQuantile } from './student.ts'

/** A mean, and how far to both sides it may be off. */
export interface Interval {
  readonly count: number
  readonly mean: number
  /** Of the values, not of their mean; 0 for fewer than two. */
  readonly deviation: number
  /** Half the interval's width; `Infinity` for fewer than two values, which say nothing of their spread. */
  readonly half: number
  readonly low: number
  readonly high: number
  readonly confidence: number
}

/** What 95 % and the like are of, unless somebody says otherwise. */
export const CONFIDENCE = 0.95

/**
 * Mean and variance in one pass, without the cancellation that sums of squares suffer. Welford, "Note on a method for calculating
 * corrected sums of squares and products", Technometrics 4(3), 1962.
 */
export class Welford {
  count = 0
  mean = 0
  /** The sum of squared deviations from the mean. */
  protected squares = 0

  add(value: number): void {
    this.count++
    const before = value - this.mean
    this.mean += before / this.count
    this.squares += before * (value - this.mean)
  }

  /** Unbiased: divided by one less than the count; 0 for fewer than two. */
  get variance(): number {
    return this.count < 2 ? 0 : this.squares / (this.count - 1)
  }
}

/**
 * The mean of independent values (one of each replication: a mean, a p99, a share) with Student's interval around it. Exact for
 * normal values; means of long runs are nearly so by the central limit theorem. Percentiles of many requests are, too: each
 * replication's p99 is treated as one number.
 */
export function interval(values: ArrayLike<number>, confidence = CONFIDENCE): Interval {
  between0and1(confidence, 'confidence')
  if (values.length === 0) throw new RangeError('values must not be empty')
  finite(values, 'values')
  const welford = new Welford()
  for (let i = 0; i < values.length; i++) welford.add(values[i])
  const { count, mean } = welford
  const deviation = Math.sqrt(welford.variance)
  const half = halfWidth(deviation, count, confidence)
  return { count, mean, deviation, half, low: mean - half, high: mean + half, confidence }
}

/** t s / sqrt(n); `Infinity` for fewer than two values. */
export function halfWidth(deviation: number, count: number, confidence = CONFIDENCE): number {
  if (count < 2) return Infinity
  return (studentQuantile((1 + confidence) / 2, count - 1) * deviation) / Math.sqrt(count)
}

/**
 * The second less the first, pair by pair, with its interval. For replications under common random numbers (the n-th of both has the
 * same arrivals and work): what both have in common cancels, and far fewer replications show the same difference. Law, "Simulation
 * Modeling and Analysis", 5th edition, 2015, 10.2.1.
 */
export function pairedInterval(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  confidence = CONFIDENCE,
): Interval {
  if (first.length !== second.length) {
    throw new RangeError(`pairs must be complete, got ${first.length} and ${second.length} values`)
  }
  finite(first, 'first')
  finite(second, 'second')
  const differences = new Float64Array(first.length)
  for (let i = 0; i < differences.length; i++) differences[i] = second[i] - first[i]
  return interval(differences, confidence)
}
