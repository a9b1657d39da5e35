import { log } from '../../proxy/core/logarithm.ts'
import type { Demands } from './demands.ts'
import type { Visits } from './visits.ts'

/** Steps to a factor of e in the work. */
const STEPS = 8
/** What one counts that this manner cannot explain, as a logarithm: rare, since a log has its oddities. */
const IMPOSSIBLE = -25

/**
 * How well a manner explains when things left: the logarithm of the likelihood of all the ends, given when things came. A manner makes works of the
 * ends, one after another, so that is the density of each work, times how fast the work grew with time when it ended. The density is a histogram of these very
 * works, over their logarithm: as many steps for every manner, so none is favoured. In short: the manner is right by which works look least spread.
 *
 * `blur`: works are known no better, in milliseconds.
 */
export function likelihoodOf({ good }: Visits, { rate, work }: Demands, blur: number): number {
  const bins = new Map<number, number>()
  let known = 0
  let impossible = 0
  for (let i = 0; i < work.length; i++) {
    if (good[i] === 0) continue
    if (work[i] < -2 * blur) {
      impossible++
      continue
    }
    const bin = Math.floor(log(Math.max(0, work[i]) + blur) * STEPS)
    bins.set(bin, (bins.get(bin) ?? 0) + 1)
    known++
  }
  let sum = impossible * IMPOSSIBLE
  for (const number of bins.values()) sum += number * log((number * STEPS) / known)
  for (let i = 0; i < work.length; i++) {
    if (good[i] === 0 || work[i] < -2 * blur) continue
    sum += log(Math.max(rate[i], 1e-9)) - log(Math.max(0, work[i]) + blur)
  }
  return sum
}
