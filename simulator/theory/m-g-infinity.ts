import { logGamma } from '../distributions/log-gamma.ts'
import { notNegative, whole } from '../statistics/preconditions.ts'

/**
 * M/G/inf: no limit of workers, so nobody waits. The number in hand is Poisson with mean and variance `offered` (arrivals a mean
 * service), whatever the distribution of work is: the chance of exactly `k` is e^-a a^k / k!. Takács, "Introduction to the Theory of
 * Queues", 1962.
 */
export function infiniteInHand(offered: number, k: number): number {
  notNegative(offered, 'offered')
  whole(k, 'k', 0)
  if (offered === 0) return k === 0 ? 1 : 0
  return Math.exp(k * Math.log(offered) - offered - logGamma(k + 1))
}
