import { notNegative, stable } from '../statistics/preconditions.ts'

/**
 * One worker, Poisson arrivals, any work. Its squared coefficient of variation (variance over squared mean) is `scv`: 0 for constant
 * work, 1/k for Erlang-k, 1 for exponential.
 */

/**
 * M/G/1, first come first served: what a request waits on average, rho (1 + scv) / (2 (1 - rho)) mean services. Pollaczek, 1930;
 * Khinchine, 1932; Kleinrock, "Queueing Systems", volume 1, 1975, chapter 5. Infinite for infinite variance.
 */
export function mg1Wait(rho: number, scv: number): number {
  stable(rho)
  if (!(scv >= 0)) throw new RangeError(`scv must be at least 0, got ${scv}`)
  return rho === 0 ? 0 : (rho * (1 + scv)) / (2 * (1 - rho))
}

/** What it takes on average, service included. */
export function mg1Time(rho: number, scv: number): number {
  return 1 + mg1Wait(rho, scv)
}

/**
 * M/G/1 with processor sharing (all in hand are served at once, each at a part of the speed): a request of work `size` takes
 * size / (1 - rho) on average, whatever the distribution is; so do all, with their mean of 1. Sakata, Noguchi, Oizumi, "An analysis of the
 * M/G/1 queue under round-robin scheduling", Operations Research 19(2), 1971. The same for last come first served with preemption.
 */
export function sharingTime(rho: number, size = 1): number {
  return notNegative(size, 'size') / (1 - stable(rho))
}

/** The chance that exactly `k` are in hand at a server with processor sharing: (1 - rho) rho^k, whatever the distribution is. */
export function sharingInHand(rho: number, k: number): number {
  return (1 - stable(rho)) * rho ** notNegative(k, 'k')
}
