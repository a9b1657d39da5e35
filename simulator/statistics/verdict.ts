import { CONFIDENCE, type Interval, pairedInterval } from './interval.ts'
import { moreForVerdict } from './precision.ts'
import { relativeInterval } from './ratio.ts'

export interface Verdict {
  readonly word: 'better' | 'worse' | 'no difference' | 'cannot tell yet'
  /** The other less the baseline, of pairs. */
  readonly difference: Interval
  /** The difference as a share of the baseline's mean, with an interval of its own; null for a mean of 0. */
  readonly relative: Interval | null
  /** How many more pairs would probably tell: 0 unless the word is "cannot tell yet", `Infinity` if no difference was seen. */
  readonly more: number
}

export interface VerdictOptions {
  readonly confidence?: number
  /** Is less of it better (times, errors; the default), or more (goodput, fairness)? */
  readonly lower?: boolean
}

/**
 * Is the other better than the baseline? The rule: only if the interval of the paired difference leaves out 0 does it say so. If both
 * are the same, it says "better" or "worse" all the same in one case of twenty (1 - confidence); compare ten with one
 * baseline, and one such word is no surprise.
 */
export function verdict(
  baseline: ArrayLike<number>,
  other: ArrayLike<number>,
  { confidence = CONFIDENCE, lower = true }: VerdictOptions = {},
): Verdict {
  const difference = pairedInterval(baseline, other, confidence)
  const relative = relativeInterval(baseline, other, confidence)
  // Several pairs, and each of them the same to the last bit: more of them would show nothing else.
  if (difference.count > 1 && difference.mean === 0 && difference.deviation === 0)
    return { word: 'no difference', difference, relative, more: 0 }
  if (difference.low <= 0 && difference.high >= 0) {
    // One of 0 that just touches is enough already for the count, and not for the word.
    const more = Math.max(1, moreForVerdict(difference))
    return { word: 'cannot tell yet', difference, relative, more }
  }
  const word = difference.mean < 0 === lower ? 'better' : 'worse'
  return { word, difference, relative, more: 0 }
}

/** In words: `better`, `worse`, `no difference`, `cannot tell yet, needs about 40 more`, `cannot tell yet, no difference seen`. */
export function verdictText({ word, more }: Verdict): string {
  if (word !== 'cannot tell yet') return word
  return more === Infinity
    ? `${word}, no difference seen`
    : `${word}, needs about ${about(more)} more`
}

/** Rounded up to two digits: the spread it comes from is not known any better. */
export function about(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1)
  return Math.ceil(count / unit) * unit
}
