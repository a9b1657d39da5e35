import { stable, whole } from '../statistics/preconditions.ts'
import { type BoundedPareto, paretoMoment } from './bounded-pareto.ts'

export interface SizeIntervals {
  /** Server i serves jobs above cuts[i - 1] up to cuts[i]; the first from `min`, the last to `max`. */
  readonly cuts: readonly number[]
  /** Which share of the jobs each server gets. */
  readonly shares: readonly number[]
  /** What a job waits on average, in the unit of the sizes. */
  readonly wait: number
}

/**
 * SITA-E, size interval task assignment with equal load: small jobs to the first server, larger to the next, cut so that each gets the same
 * work. Every server is an M/G/1 queue first come first served with the moments of its interval, so the wait is exact:
 * sum of p_i L_i E[X_i^2] / (2 (1 - rho)). Harchol-Balter, Crovella, Murta, "On choosing a task assignment policy for a distributed
 * server system", Journal of Parallel and Distributed Computing 59(2), 1999.
 */
export function sizeIntervals(work: BoundedPareto, servers: number, rho: number): SizeIntervals {
  whole(servers, 'servers')
  stable(rho)
  const mean = paretoMoment(work, 1)
  const rate = (servers * rho) / mean
  const cuts: number[] = []
  const shares: number[] = []
  let wait = 0
  for (let server = 0, low = work.min; server < servers; server++) {
    const last = server === servers - 1
    const high = last ? work.max : cutAt(work, ((server + 1) / servers) * mean)
    if (!last) cuts.push(high)
    const share = paretoMoment(work, 0, low, high)
    shares.push(share)
    // The share cancels: L_i E[X_i^2] is the whole rate times the interval's part of the second moment.
    wait += (share * rate * paretoMoment(work, 2, low, high)) / (2 * (1 - rho))
    low = high
  }
  return { cuts, shares, wait }
}

/** The size up to which jobs bring that much work; halved in logarithms, since sizes span many powers of ten. */
function cutAt(work: BoundedPareto, part: number): number {
  let low = Math.log(work.min)
  let high = Math.log(work.max)
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2
    if (paretoMoment(work, 1, work.min, Math.exp(middle)) < part) low = middle
    else high = middle
  }
  return Math.exp((low + high) / 2)
}
