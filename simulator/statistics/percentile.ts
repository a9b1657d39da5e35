import { binomialCdf } from './beta.ts'
import { CONFIDENCE } from './interval.ts'
import { between0and1, whole } from './preconditions.ts'

/** Where a quantile is among `n` sorted values, counted from 1: the nearest rank, so it is always a value that was seen. */
export function nearestRank(n: number, p: number): number {
  whole(n, 'n')
  between0and1(p, 'p')
  // 0.07 * 100 is 7.000000000000001 in doubles, and rank 7 all the same.
  return Math.min(n, Math.max(1, Math.ceil(n * p - n * 2 ** -52)))
}

/** The quantile of values in ascending order, by nearest rank. */
export function sortedQuantile(sorted: ArrayLike<number>, p: number): number {
  return sorted[nearestRank(sorted.length, p) - 1]
}

export interface Ranks {
  /** Counted from 1; 0 if so few values set no limit below. */
  readonly low: number
  /** n + 1 if so few values set no limit above. */
  readonly high: number
  /** How likely the quantile is between the two, at least. */
  readonly coverage: number
}

/**
 * Two ranks between whose values the true quantile is, whatever the distribution: how many of n values are below it is binomial.
 * Conover, "Practical Nonparametric Statistics", 3rd edition, 1999, 3.2. Each side errs with at most half of 1 - confidence.
 *
 * For independent values, of one run. Neighbouring requests are not independent (they met the same queue), so this is then too
 * narrow; replications are not, see `interval`.
 */
export function quantileRanks(n: number, p: number, confidence = CONFIDENCE): Ranks {
  whole(n, 'n')
  between0and1(p, 'p')
  const side = (1 - between0and1(confidence, 'confidence')) / 2
  // The low rank is too high if fewer than that many are below the quantile: the largest rank for which that is rare.
  const low = firstWhere(0, n, (k) => binomialCdf(k, n, p) > side)
  const high = firstWhere(0, n, (k) => binomialCdf(k, n, p) >= 1 - side) + 1
  const below = low === 0 ? 0 : binomialCdf(low - 1, n, p)
  const upTo = high > n ? 1 : binomialCdf(high - 1, n, p)
  return { low, high, coverage: upTo - below }
}

/** The interval of a quantile within one run of independent values, given in ascending order; `-Infinity` or `Infinity` where too few. */
export function quantileInterval(
  sorted: ArrayLike<number>,
  p: number,
  confidence = CONFIDENCE,
): { value: number; low: number; high: number } {
  const { low, high } = quantileRanks(sorted.length, p, confidence)
  return {
    value: sortedQuantile(sorted, p),
    low: low === 0 ? -Infinity : sorted[low - 1],
    high: high > sorted.length ? Infinity : sorted[high - 1],
  }
}

/** The first number from `low` to `high` for which it holds, given that it holds for all that follow and for `high`. */
function firstWhere(low: number, high: number, holds: (k: number) => boolean): number {
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
