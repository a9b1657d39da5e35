import { between0and1, stable, whole } from '../statistics/preconditions.ts'

/**
 * Round robin over `servers` equal ones with one worker each, Poisson arrivals, exponential work: each server is a queue E_n/M/1,
 * since its arrivals are every n-th of a Poisson stream. As n grows they become evenly spaced: D/M/1, `servers` = `Infinity`.
 *
 * `sigma`, the chance to find the server busy, is the root below 1 of sigma = E[e^(-(1 - sigma) A)] for the time A between arrivals: here
 * (n rho / (n rho + 1 - sigma))^n, or e^(-(1 - sigma) / rho). Kleinrock, "Queueing Systems", volume 1, 1975, chapter 6 (G/M/1). The right side is
 * convex, so Newton's method from 0 climbs to that root and never past it.
 */
export function roundRobinSigma(servers: number, rho: number): number {
  if (servers !== Infinity) whole(servers, 'servers')
  if (stable(rho) === 0) return 0
  let sigma = 0
  for (;;) {
    const gap = 1 - sigma
    const load = servers * rho
    const value =
      servers === Infinity ? Math.exp(-gap / rho) : Math.exp(-servers * Math.log1p(gap / load))
    const slope = servers === Infinity ? value / rho : (value * servers) / (load + gap)
    const next = sigma + (value - sigma) / (1 - slope)
    if (!(next > sigma)) return sigma
    sigma = next
  }
}

/** What a request takes on average: 1 / (1 - sigma), first come first served or processor sharing. */
export function roundRobinTime(servers: number, rho: number): number {
  return 1 / (1 - roundRobinSigma(servers, rho))
}

/** What a share `p` of the requests does not exceed, first come first served: it is exponential, as in M/M/1. */
export function roundRobinQuantile(servers: number, rho: number, p: number): number {
  return -Math.log1p(-between0and1(p, 'p')) * roundRobinTime(servers, rho)
}
