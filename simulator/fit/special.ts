const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
]

/**
 * The logarithm of the gamma function for x of at least 0.5, to 15 digits: Lanczos's series ("A Precision Approximation of the Gamma
 * Function", SIAM Journal on Numerical Analysis 1, 1964) with Godfrey's coefficients (2001), g = 7.
 */
export function logGamma(x: number): number {
  const z = x - 1
  let sum = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (z + i)
  const base = z + 7.5
  return (z + 0.5) * Math.log(base) - base + Math.log(Math.sqrt(2 * Math.PI) * sum)
}

/** The normal distribution's function to 7 decimals: Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964, 7.1.26. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = (series * Math.exp(-x * x)) / 2
  return z < 0 ? tail : 1 - tail
}

/** Where a falling function is 0, between two points on either side of it, to 12 digits. */
export function rootOfFalling(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2
    if (f(middle) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
