import { logGamma } from '../distributions/log-gamma.ts'
import { lentz } from './gamma.ts'
import { positive, probability, whole } from './preconditions.ts'

/**
 * I(x; a, b), the regularised incomplete beta function: the chance that a beta variable is at most `x`. Give 1 - x as well where it
 * is known more exactly than by subtracting. Press, Teukolsky, Vetterling, Flannery, "Numerical Recipes", 3rd edition, 2007, 6.4.
 */
export function incompleteBeta(x: number, a: number, b: number, rest = 1 - x): number {
  probability(x, 'x')
  positive(a, 'a')
  positive(b, 'b')
  if (x === 0 || rest === 0) return x === 0 ? 0 : 1
  // The fraction converges fast on this side only; the other one is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - fraction(rest, b, a, x)
  return fraction(x, a, b, rest)
}

/** The chance of at most `k` successes in `n` independent tries that succeed with probability `p`. */
export function binomialCdf(k: number, n: number, p: number): number {
  whole(n, 'n', 0)
  probability(p, 'p')
  if (k < 0) return 0
  if (k >= n) return 1
  return incompleteBeta(1 - p, n - Math.floor(k), Math.floor(k) + 1, p)
}

function fraction(x: number, a: number, b: number, rest: number): number {
  const logFront =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(rest)
  const term = (n: number): number => {
    const m = n >> 1
    if (n % 2 === 0) return (m * (b - m) * x) / ((a + n - 1) * (a + n))
    return (-(a + m) * (a + b + m) * x) / ((a + n - 1) * (a + n))
  }
  return Math.exp(logFront) / (a * lentz(1, term, () => 1))
}
