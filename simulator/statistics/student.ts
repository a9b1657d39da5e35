import { incompleteBeta } from './beta.ts'
import { logGamma } from '../distributions/log-gamma.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { between0and1 } from './preconditions.ts'

/** The chance that Student's t with `df` degrees of freedom is at most `t`. `df` may be a fraction, or `Infinity` (normal). */
export function studentCdf(t: number, df: number): number {
  freedom(df)
  if (df === Infinity) return normalCdf(t)
  const tail = upperTail(Math.abs(t), df)
  return t < 0 ? tail : 1 - tail
}

/**
 * The value that Student's t with `df` degrees of freedom is below with probability `p`: 2.262157 for 0.975 and 9. "Student", "The
 * probable error of a mean", Biometrika 6(1), 1908.
 *
 * Newton's method on the tail's logarithm, which is nearly straight, kept between two values that hold the answer between them.
 */
export function studentQuantile(p: number, df: number): number {
  freedom(df)
  between0and1(p, 'p')
  if (df === Infinity) return normalQuantile(p)
  if (p < 0.5) return -studentQuantile(1 - p, df)
  if (p === 0.5) return 0
  const tail = 1 - p
  let low = 0
  let high = 1
  for (; upperTail(high, df) > tail; high *= 2) low = high
  const scale = Math.exp(logGamma((df + 1) / 2) - logGamma(df / 2)) / Math.sqrt(df * Math.PI)
  let t = (low + high) / 2
  for (let i = 0; i < 200; i++) {
    const at = upperTail(t, df)
    if (at > tail) low = t
    else high = t
    const density = scale * Math.exp((-(df + 1) / 2) * Math.log1p((t * t) / df))
    const newton = t + (Math.log(at / tail) * at) / density
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - t) <= 4 * Number.EPSILON * t) return next
    t = next
  }
  return t
}

/** The chance to be above `t`, which is at least 0; exact to the last digits where it is tiny. */
function upperTail(t: number, df: number): number {
  const square = t * t
  const sum = df + square
  return incompleteBeta(df / sum, df / 2, 0.5, square / sum) / 2
}

function freedom(df: number): void {
  if (!(df > 0)) throw new RangeError(`df must be above 0, got ${df}`)
}
