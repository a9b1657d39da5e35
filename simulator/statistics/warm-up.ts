import { batchMeans } from './batch-means.ts'
import { normalCdf } from './normal.ts'
import { finite } from './preconditions.ts'

export interface WarmUp {
  /** How many of the first values to leave out. */
  readonly cut: number
  /** "too short" if nothing can be said; "drifting" if there is no steady state to be averaged. */
  readonly state: 'steady' | 'drifting' | 'too short'
  /** The chance to see such a trend after the cut if there is none. */
  readonly trend: number
}

const SIZE = 5
/** Fewer values than that make no statement. */
const LEAST = 100
/** No cut leaves less than a fourth: a few calm moments at the end, say an empty queue, would look better than any long run. */
const LAST = 4
/** For the trend: few and long, since neighbours resemble each other, and the test takes them for independent. */
const BATCHES = 10
/** A steady run is called drifting about once in a thousand. */
const RARE = 1e-3

/**
 * Where the warm-up ends: MSER-5. Of means of five neighbours each, leave out as many at the beginning as make the standard error
 * of the rest smallest: sum (x - mean)^2 / (n - cut)^2. White, "An effective truncation heuristic for bias reduction in
 * simulation output", Simulation 69(6), 1997; White, Cobb, Spratt, "A comparison of five steady-state truncation heuristics for
 * simulation", WSC 2000.
 *
 * If the best cut is beyond the middle, what came before was no warm-up: the run has not settled, and is "drifting". So it is if
 * ten batch means after the cut go up or down (Mann-Kendall, see `trendChance`). Then no mean is to be printed.
 */
export function warmUp(values: ArrayLike<number>): WarmUp {
  finite(values, 'values')
  const { length } = values
  if (length < LEAST) return { cut: 0, state: 'too short', trend: 1 }
  const best = bestCut(batchMeans(values, Math.floor(length / SIZE)))
  const cut = best === 0 ? 0 : (length % SIZE) + SIZE * best
  if (cut > length / 2) return { cut, state: 'drifting', trend: 0 }
  const trend = trendChance(batchMeans(values, BATCHES, cut))
  return { cut, state: trend < RARE ? 'drifting' : 'steady', trend }
}

/** From the end towards the beginning, so that each cut costs one step of Welford's. */
function bestCut(means: Float64Array): number {
  let mean = 0
  let squares = 0
  let least = Infinity
  let best = 0
  for (let cut = means.length - 1; cut >= 0; cut--) {
    const count = means.length - cut
    const before = means[cut] - mean
    mean += before / count
    squares += before * (means[cut] - mean)
    const error = squares / (count * count)
    if (count >= means.length / LAST && error <= least) {
      least = error
      best = cut
    }
  }
  return best
}

/**
 * How likely independent values show such a trend, up or down, or a stronger one. Mann, "Nonparametric tests against trend",
 * Econometrica 13(3), 1945: of all pairs, how many more rise than fall; normal, with the correction for a whole number.
 */
export function trendChance(values: ArrayLike<number>): number {
  const n = values.length
  let score = 0
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) score += Math.sign(values[i] - values[j])
  }
  if (n < 3 || score === 0) return 1
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  return 2 * normalCdf(-(Math.abs(score) - 1) / deviation)
}
