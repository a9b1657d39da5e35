import { between0and1, notNegative, stable } from '../statistics/preconditions.ts'

/**
 * M/M/1: one worker, Poisson arrivals, exponential work, first come first served. Erlang, "The theory of probabilities and telephone
 * conversations", 1909; Kleinrock, "Queueing Systems", volume 1, 1975, 3.2.
 *
 * Here and in the other files times are in mean services and rates in arrivals a mean service, unless something else is said; `rho`
 * is the share of the time that a worker is busy: at least 0, and below 1, since from there on no steady state exists.
 */

/** How long a request takes on average, waiting and service: 1 / (1 - rho). */
export function mm1Time(rho: number): number {
  return 1 / (1 - stable(rho))
}

/** How many are in hand on average, waiting or in service: rho / (1 - rho). */
export function mm1InHand(rho: number): number {
  return rho * mm1Time(rho)
}

/** The chance that a request takes longer than `t`: it is exponential, e^(-(1 - rho) t). */
export function mm1Above(rho: number, t: number): number {
  return Math.exp(-(1 - stable(rho)) * notNegative(t, 't'))
}

/** What a share `p` of the requests does not exceed: -ln(1 - p) / (1 - rho). */
export function mm1Quantile(rho: number, p: number): number {
  return -Math.log1p(-between0and1(p, 'p')) * mm1Time(rho)
}
