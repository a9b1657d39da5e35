import { logGamma } from '../distributions/log-gamma.ts'
import { notNegative, positive } from './preconditions.ts'

/**
 * Q(a, x), the upper regularised incomplete gamma function: the chance that a gamma variable of shape `a` is above `x`. The series
 * of the lower one up to x = a + 1, a continued fraction (`lentz`) beyond. Press, Teukolsky, Vetterling, Flannery, "Numerical
 * Recipes", 3rd edition, 2007, 6.2.
 */
export function upperGamma(a: number, x: number): number {
  positive(a, 'a')
  if (x === Infinity) return 0
  if (notNegative(x, 'x') === 0) return 1
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x >= a + 1)
    return (
      front /
      lentz(
        x + 1 - a,
        (n) => n * (a - n),
        (n) => x + 2 * n + 1 - a,
      )
    )
  let term = 1 / a
  let sum = term
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= x / (a + n)
    sum += term
  }
  return 1 - front * sum
}

/**
 * The continued fraction b0 + a(1) / (b(1) + a(2) / (b(2) + …)), evaluated forwards. Lentz, "Generating Bessel functions in Mie
 * scattering calculations using continued fractions", Applied Optics 15(3), 1976; as modified by Thompson and Barnett, 1986.
 */
export function lentz(b0: number, a: (n: number) => number, b: (n: number) => number): number {
  const tiny = 1e-300 // In the place of a 0 that would be divided by.
  let value = b0 === 0 ? tiny : b0
  let c = value
  let d = 0
  for (let n = 1; n < 1_000_000; n++) {
    d = b(n) + a(n) * d
    d = 1 / (d === 0 ? tiny : d)
    c = b(n) + a(n) / c
    if (c === 0) c = tiny
    value *= c * d
    if (Math.abs(c * d - 1) < Number.EPSILON) break
  }
  return value
}
