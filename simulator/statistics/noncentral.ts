import { logGamma } from '../distributions/log-gamma.ts'
import { chiSquareSurvival } from './chi-square.ts'
import { upperGamma } from './gamma.ts'
import { between0and1, notNegative, positive } from './preconditions.ts'

/**
 * The chance that a noncentral chi-square variable is above `statistic`: of Pearson's test, if shares are off by `lambda` / n. A mixture of
 * central ones with 2 j degrees of freedom more, j being Poisson with mean lambda / 2. Johnson, Kotz, Balakrishnan, "Continuous
 * Univariate Distributions", volume 2, 2nd edition, 1995, 29.3.
 */
export function noncentralSurvival(statistic: number, df: number, lambda: number): number {
  if (notNegative(lambda, 'lambda') === 0) return chiSquareSurvival(statistic, df)
  const half = lambda / 2
  const x = notNegative(statistic, 'statistic') / 2
  // What is further than that from the mean has no weight that a double would see.
  const width = 9 * Math.sqrt(half) + 30
  const first = Math.max(0, Math.floor(half - width))
  let a = positive(df, 'df') / 2 + first
  let weight = Math.exp(first * Math.log(half) - half - logGamma(first + 1))
  let tail = upperGamma(a, x)
  // Q(a + 1, x) = Q(a, x) + x^a e^-x / Γ(a + 1): upwards only what is positive is added.
  let step = x === 0 ? 0 : Math.exp(a * Math.log(x) - x - logGamma(a + 1))
  let sum = 0
  for (let j = first; j <= half + width; j++) {
    sum += weight * Math.min(1, tail)
    weight *= half / (j + 1)
    tail += step
    a++
    step *= x / a
  }
  return Math.min(1, sum)
}

/** What a chi-square variable is above with that chance. */
export function chiSquareQuantile(chance: number, df: number): number {
  between0and1(chance, 'chance')
  return bisect((x) => chiSquareSurvival(x, df) <= chance)
}

/** The lambda with which a noncentral chi-square variable is above `statistic` with that chance; 0 if it is so without. */
export function lambdaFor(statistic: number, df: number, chance: number): number {
  between0and1(chance, 'chance')
  if (chiSquareSurvival(statistic, df) >= chance) return 0
  return bisect((lambda) => noncentralSurvival(statistic, df, lambda) >= chance)
}

/** Beyond that the sums above are long, and no count of requests leads there. */
const MOST = 1e9

/** Where it begins to hold, from 0 on. */
function bisect(holds: (value: number) => boolean): number {
  let low = 0
  let high = 1
  for (; high < MOST && !holds(high); high *= 2) low = high
  for (let i = 0; i < 60 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
