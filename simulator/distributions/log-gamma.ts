import { log } from '../../proxy/core/logarithm.ts'
import { above0 } from '../checks.ts'

/** From here on the series below is right to the last bit. */
const ENOUGH = 16

/**
 * The logarithm of the gamma function for x above 0, right to about 1 part in 10^14: Stirling's series, after the recurrence
 * gamma(x + 1) = x gamma(x) has brought x to where it converges. Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964,
 * 6.1.15 and 6.1.41. Throws a `RangeError` for what is not above 0.
 */
export function logGamma(x: number): number {
  above0(x, 'x')
  let product = 1
  while (x < ENOUGH) product *= x++
  const r = 1 / (x * x)
  const series = 1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188))))
  return (x - 0.5) * log(x) - x + 0.9189385332046728 + series / x - log(product)
}
