/**
 * How the rate of requests goes with time, seen as the number of requests expected by a time: the cumulative rate.
 *
 * A process with one point a unit, sent through the inverse of the cumulative rate, is a process with that rate: exactly Poisson if it was
 * Poisson. Çinlar, "Introduction to Stochastic Processes", 1975, section 4.7. A request costs one random number, whatever the rate does,
 * so the n-th request of two profiles under one seed is the same throw of the dice. (Thinning draws more the more the rate varies.)
 */
export interface Profile {
  /**
   * Replaces numbers of requests by the first time after which more are expected; `Infinity` where there is none. The numbers never
   * decrease, within a call and from call to call, so a profile may remember where it is.
   */
  invert(values: Float64Array): void
  /** How many requests are expected by a time in milliseconds. */
  expected(time: number): number
}
