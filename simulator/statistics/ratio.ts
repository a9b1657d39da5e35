import { CONFIDENCE, type Interval, interval, pairedInterval } from './interval.ts'

/**
 * The second less the first, of pairs, as a share of the first's mean (of its size, should it be below 0), with its interval; null if
 * that mean is 0, which nothing is a share of.
 *
 * The first's mean is an estimate, too: so the spread is not the difference's, but that of what the ratio leaves over in each pair,
 * d - r x, divided by the mean (the delta method). Cochran, "Sampling Techniques", 3rd edition, 1977, chapter 6. It is symmetric, and nearly
 * Fieller's ("Some problems in interval estimation", Journal of the Royal Statistical Society B 16(2), 1954) where the first's mean is
 * far from 0, as a time's is.
 */
export function relativeInterval(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  confidence = CONFIDENCE,
): Interval | null {
  const difference = pairedInterval(first, second, confidence)
  const base = interval(first, confidence).mean
  if (base === 0) return null
  const ratio = difference.mean / base
  const rest = new Float64Array(first.length)
  for (let i = 0; i < rest.length; i++) rest[i] = second[i] - first[i] - ratio * first[i]
  const { count, deviation, half } = interval(rest, confidence)
  const size = Math.abs(base)
  const mean = difference.mean / size
  const share = half / size
  const [low, high] = [mean - share, mean + share]
  return { count, mean, deviation: deviation / size, half: share, low, high, confidence }
}
