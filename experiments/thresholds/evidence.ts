import { fairnessInterval, moreForFairness } from '../../simulator/statistics/fairness.ts'
import { CONFIDENCE, interval } from '../../simulator/statistics/interval.ts'
import { nearestRank, quantileRanks } from '../../simulator/statistics/percentile.ts'
import { moreForVerdict } from '../../simulator/statistics/precision.ts'
import { moreForProportion, proportionInterval } from '../../simulator/statistics/proportion.ts'

/** What was seen of a figure, and between what it is. */
export interface Evidence {
  readonly value: number
  readonly low: number
  readonly high: number
  /** What more of would make it narrower; nothing would change what is simply known. */
  readonly of: 'replication' | 'request' | 'nothing'
  /** How many more would probably (4 in 5) tell on which side of the limit it is; `Infinity` if no number would. */
  more(limit: number): number
}

/** A fact of the run, which no other would make surer: how many there were. */
export function fact(value: number): Evidence {
  return { value, low: value, high: value, of: 'nothing', more: () => Infinity }
}

/**
 * One value of each replication (or of each of several long stretches of one run), by Student's t. `grain`: the share of a value that its
 * measurement cannot see, as where a histogram has buckets.
 */
export function ofReplications(
  values: ArrayLike<number>,
  confidence = CONFIDENCE,
  grain = 0,
): Evidence {
  const seen = interval(values, confidence)
  const { mean } = seen
  const blur = grain * Math.abs(mean)
  const half = Math.max(seen.half, blur)
  return {
    value: mean,
    low: mean - half,
    high: mean + half,
    of: 'replication',
    more(limit) {
      if (seen.count > 1 && Math.abs(mean - limit) <= blur) return Infinity
      return moreForVerdict({ ...seen, mean: mean - limit })
    },
  }
}

/** Values of one run in ascending order, or what knows them as well: a histogram. */
export interface Sample {
  readonly count: number
  /** The value of that rank, counted from 1. */
  valueAt(rank: number): number
}

/**
 * A quantile of one run: the values between whose ranks it is, whatever the distribution (see `quantileRanks`). For values that do not depend
 * on each other; neighbouring requests met the same queue, so it is then too narrow. Where there is time for it, prefer replications, or
 * the quantiles of long stretches of the run.
 */
export function ofSample(sample: Sample, quantile: number, confidence = CONFIDENCE): Evidence {
  const { count } = sample
  const { high, low } = quantileRanks(count, quantile, confidence)
  return {
    value: sample.valueAt(nearestRank(count, quantile)),
    low: low === 0 ? -Infinity : sample.valueAt(low),
    high: high > count ? Infinity : sample.valueAt(high),
    of: 'request',
    // The quantile is below the limit if more than that share of all values is.
    more: (limit) => moreForProportion(below(sample, limit), count, quantile, confidence),
  }
}

/** How many of the values are below the limit. */
function below(sample: Sample, limit: number): number {
  let [low, high] = [0, sample.count]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (sample.valueAt(middle) < limit) low = middle
    else high = middle - 1
  }
  return low
}

/** How many of one run's requests failed, were retried, went to one server: the exact interval of a binomial share. */
export function ofShare(hits: number, count: number, confidence = CONFIDENCE): Evidence {
  return {
    ...proportionInterval(hits, count, confidence),
    of: 'request',
    more: (limit) => moreForProportion(hits, count, limit, confidence),
  }
}

/** How evenly one run's requests went to the servers, as Jain's index per weight. */
export function ofCounts(
  counts: readonly number[],
  weights: readonly number[] = counts.map(() => 1),
  confidence = CONFIDENCE,
): Evidence {
  return {
    ...fairnessInterval(counts, weights, confidence),
    of: 'request',
    more: (limit) => moreForFairness(counts, weights, limit, confidence),
  }
}
