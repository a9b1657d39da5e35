/** The least number from 0 up where `cdf` is at least `p`, to the last bit, for what has no inverse in closed form. Slow. */
export function quantileOf(cdf: (x: number) => number, p: number, start: number): number {
  if (p <= 0) return 0
  if (p >= 1) return Infinity
  let low = 0
  let high = start
  while (cdf(high) < p && high < Infinity) {
    low = high
    high *= 2
  }
  for (;;) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) return high
    if (cdf(middle) < p) low = middle
    else high = middle
  }
}
