import type { Interval } from './interval.ts'
import { positive } from './preconditions.ts'
import { studentQuantile } from './student.ts'

/** An interval of fewer replications rests on a spread that is hardly known. */
export const FEWEST = 5
/** How likely a difference of the size seen so far is to show with as many replications as are asked for. */
export const POWER = 0.8

/**
 * How many more replications until the interval's half-width is at most that share of the mean, if the spread stays what it is; 0
 * if it is already. `Infinity` for a mean of 0, which nothing is a share of. Law, "Simulation Modeling and Analysis", 5th
 * edition, 2015, 9.4.1.
 *
 * To stop as soon as an interval is narrow enough covers a little less often than the confidence says, since lucky intervals stop
 * first: so never before `FEWEST`.
 */
export function moreForPrecision(seen: Interval, relative: number): number {
  positive(relative, 'relative')
  const side = (1 + seen.confidence) / 2
  return more(seen, relative * Math.abs(seen.mean), (df) => studentQuantile(side, df))
}

/**
 * How many more pairs until the interval of their difference will probably (4 in 5) leave out 0, if mean and spread stay what
 * they are: the smallest n with (t(n - 1; 1 - alpha / 2) + t(n - 1; 0.8)) s / sqrt(n) up to |mean|. Cohen, "Statistical Power
 * Analysis for the Behavioral Sciences", 2nd edition, 1988, 2.4. `Infinity` if no difference was seen.
 */
export function moreForVerdict(difference: Interval): number {
  const side = (1 + difference.confidence) / 2
  return more(
    difference,
    Math.abs(difference.mean),
    (df) => studentQuantile(side, df) + studentQuantile(POWER, df),
  )
}

/** The first n, from those there are and `FEWEST` on, for which factor(n - 1) s / sqrt(n) is at most `target`, less those there are. */
function more(
  { count, deviation }: Interval,
  target: number,
  factor: (df: number) => number,
): number {
  if (count < 2) return FEWEST - count // Nothing is known of the spread.
  if (target === 0) return Infinity
  const ratio = (deviation / target) ** 2
  // The normal quantile is the least that Student's can be: as many are needed at least, and hardly more.
  const normal = Math.ceil(factor(Infinity) ** 2 * ratio)
  if (normal > Number.MAX_SAFE_INTEGER) return Infinity
  let n = Math.max(count, FEWEST, normal)
  while (factor(n - 1) ** 2 * ratio > n) n++
  return n - count
}
