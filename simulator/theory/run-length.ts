import { CONFIDENCE } from '../statistics/interval.ts'
import { normalQuantile } from '../statistics/normal.ts'
import { between0and1, positive, stable } from '../statistics/preconditions.ts'

/**
 * How long to simulate one M/M/1 server, in mean services, until the mean number in hand is known with a half-width of `relative` times
 * itself: 2 z^2 (1 + rho) / (rho relative^2 (1 - rho)^2), from the asymptotic variance 2 rho (1 + rho) / (1 - rho)^4. Whitt, "Planning queueing
 * simulations", Management Science 35(11), 1989. Independent servers divide it by how many they are.
 */
export function runLength(rho: number, relative: number, confidence = CONFIDENCE): number {
  positive(stable(rho), 'rho')
  positive(relative, 'relative')
  const z = normalQuantile((1 + between0and1(confidence, 'confidence')) / 2)
  return (2 * z * z * (1 + rho)) / (rho * (relative * (1 - rho)) ** 2)
}

/**
 * The time in which a server's distance to the steady state falls by e, in mean services: 1 / (1 - sqrt(rho))^2. Morse, "Stochastic properties
 * of waiting lines", Operations Research 3(3), 1955.
 */
export function relaxation(rho: number): number {
  return 1 / (1 - Math.sqrt(stable(rho))) ** 2
}

/** How long to let a server that starts empty warm up, in mean services: 20 of these times, since e^-20 is nothing. */
export function warmUpLength(rho: number): number {
  return 20 * relaxation(rho)
}
