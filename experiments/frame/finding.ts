import { type Interval, interval } from '../../simulator/statistics/interval.ts'

/**
 * One thing that was expected, and what was measured. It holds if the measured mean is in the range; with `above`, if the whole 95 %
 * interval is above that, so that it is no chance (of a difference: above 0); with `theory`, if the 99 % interval covers that, which
 * one in a hundred does not even if all is well.
 */
export type Finding = {
  /** What should come out, in words, without figures: `Least connections sends most requests to the server that fails`. */
  readonly says: string
  /** An interval, or the values of all replications, or a number that is exact. */
  readonly measured: Interval | readonly number[] | number
  /** What the figure is: `ms`, `%` (of shares from 0 to 1), `times`. Default: a plain number. */
  readonly unit?: string
  /** Why it came otherwise: to be given if, and only if, it does not hold, or cannot be told. The README says more. */
  readonly instead?: string
} & (
  | { readonly between: readonly [from: number, to: number] }
  | { readonly above: number }
  | { readonly theory: number }
)

export interface Judged {
  readonly says: string
  readonly measured: number
  /** Half the 95 % interval's width; 0 of what is exact. */
  readonly half: number
  readonly expected: readonly [number, number] | number
  readonly unit: string
  readonly holds: boolean
  readonly instead: string
}

export function judge(finding: Finding): Judged {
  const { instead = '', measured, says, unit = '' } = finding
  const values = Array.isArray(measured) ? (measured as readonly number[]) : undefined
  const seen = values === undefined ? measured : interval(values)
  const { mean, half } = typeof seen === 'number' ? { mean: seen, half: 0 } : (seen as Interval)
  if ('between' in finding) {
    const [from, to] = finding.between
    const holds = mean >= from && mean <= to
    return { says, measured: mean, half, expected: finding.between, unit, holds, instead }
  }
  if ('above' in finding) {
    const { above } = finding
    const holds = mean - half > above
    return { says, measured: mean, half, expected: [above, Infinity], unit, holds, instead }
  }
  const { theory } = finding
  const wide = values === undefined ? half : interval(values, 0.99).half
  const holds = Math.abs(mean - theory) <= wide
  return { says, measured: mean, half, expected: theory, unit, holds, instead }
}
