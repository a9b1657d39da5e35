import { binomialCdf } from './beta.ts'
import { CONFIDENCE } from './interval.ts'
import { normalQuantile } from './normal.ts'
import { POWER } from './precision.ts'
import { between0and1, probability, whole } from './preconditions.ts'

/** A share, and where the true one is. */
export interface Proportion {
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * The chance of something that happened in `hits` of `n` independent tries: the exact interval. Clopper, Pearson, "The use of confidence or
 * fiducial limits illustrated in the case of the binomial", Biometrika 26(4), 1934. Each side errs with at most half of 1 - confidence.
 */
export function proportionInterval(hits: number, n: number, confidence = CONFIDENCE): Proportion {
  whole(n, 'n')
  whole(hits, 'hits', 0)
  if (hits > n) throw new RangeError(`hits must be at most n (${n}), got ${hits}`)
  const side = (1 - between0and1(confidence, 'confidence')) / 2
  // The lowest chance with which so many are not too rare, and the highest with which so few are not.
  const low = hits === 0 ? 0 : root((p) => 1 - binomialCdf(hits - 1, n, p) > side)
  const high = hits === n ? 1 : root((p) => binomialCdf(hits, n, p) <= side)
  return { value: hits / n, low, high }
}

/**
 * How many more tries until the interval will probably (4 in 5) leave out `limit`, if the share stays what it was. By the normal
 * approximation (Fleiss, Levin, Paik, "Statistical Methods for Rates and Proportions", 3rd edition, 2003, 2.5), and exactly where none, or
 * every one, was a hit. `Infinity` if the share is the limit.
 */
export function moreForProportion(
  hits: number,
  n: number,
  limit: number,
  confidence = CONFIDENCE,
): number {
  probability(limit, 'limit')
  const side = (1 - between0and1(confidence, 'confidence')) / 2
  const share = hits / n
  if (share === limit) return Infinity
  const needed =
    share === 0 || share === 1
      ? Math.log(side) / Math.log(share === 0 ? 1 - limit : limit)
      : ((normalQuantile(1 - side) * Math.sqrt(limit * (1 - limit)) +
          normalQuantile(POWER) * Math.sqrt(share * (1 - share))) /
          (share - limit)) **
        2
  return Number.isNaN(needed) ? Infinity : Math.max(0, Math.ceil(needed) - n)
}

/** Where from 0 to 1 it begins to hold. */
function root(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return (low + high) / 2
}
