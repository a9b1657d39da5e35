import { upperGamma } from './gamma.ts'
import { between0and1 } from './preconditions.ts'

/** The chance that a standard normal variable is at most `z`: erfc through the incomplete gamma function. */
export function normalCdf(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2
  return z < 0 ? tail : 1 - tail
}

/**
 * The value that a standard normal variable is below with probability `p`: 1.959964 for 0.975.
 *
 * Starts from Hastings' rational approximation, wrong by at most 4.5e-4 (Abramowitz, Stegun, "Handbook of Mathematical Functions",
 * 1964, 26.2.23), and takes three of Halley's steps, each of which triples the digits.
 */
export function normalQuantile(p: number): number {
  between0and1(p, 'p')
  if (p === 0.5) return 0
  if (p > 0.5) return -normalQuantile(1 - p)
  const t = Math.sqrt(-2 * Math.log(p))
  let z =
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
    t
  for (let i = 0; i < 3; i++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
    const step = (normalCdf(z) - p) / density
    z -= step / (1 + (z * step) / 2)
  }
  return z
}
