/** How far the share of draws up to x is from what it should be, at most: the statistic of Kolmogorov and Smirnov. */
export function kolmogorov(draws: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(draws).sort()
  const n = sorted.length
  let most = 0
  sorted.forEach((x, i) => {
    const expected = cdf(x)
    most = Math.max(most, expected - i / n, (i + 1) / n - expected)
  })
  return most
}

/**
 * What the statistic exceeds at most once in a million if all is well, for a continuous distribution: Massart's bound 2 exp(-2 n d^2),
 * "The Tight Constant in the Dvoretzky-Kiefer-Wolfowitz Inequality", Annals of Probability 18(3), 1990.
 */
export function kolmogorovLimit(n: number): number {
  return Math.sqrt(Math.log(2e6) / (2 * n))
}
