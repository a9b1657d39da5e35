import { upperGamma } from './gamma.ts'
import { notNegative, positive } from './preconditions.ts'

/**
 * Pearson's statistic for counts that should be in proportion to `weights` (default: all equal).
 */
export function chiSquare(counts: readonly number[], weights?: readonly number[]): number {
  const n = counts.reduce((sum, count) => sum + count, 0)
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? counts.length
  let statistic = 0
  counts.forEach((count, i) => {
    const expected = (n * (weights?.[i] ?? 1)) / total
    statistic += (count - expected) ** 2 / expected
  })
  return statistic
}

/**
 * What the statistic exceeds once in a million if all is well, by the cube-root approximation (Wilson and Hilferty, "The
 * Distribution of Chi-Square", PNAS 17(12), 1931). The tests have fixed seeds: the rate says how likely it was that an
 * honest generator needed another seed, not how often a test fails.
 */
export function chiSquareLimit(cells: number): number {
  const df = cells - 1
  const z = 4.753424 // The standard normal quantile of 1 - 1e-6.
  const part = 2 / (9 * df)
  return df * (1 - part + z * Math.sqrt(part)) ** 3
}

/** The chance that a chi-square variable with `df` degrees of freedom is above `statistic`: the p-value of Pearson's test. */
export function chiSquareSurvival(statistic: number, df: number): number {
  if (statistic === Infinity) return 0
  return upperGamma(positive(df, 'df') / 2, notNegative(statistic, 'statistic') / 2)
}
