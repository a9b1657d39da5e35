import { written } from '../../dashboard/charts/scale.ts'
import type { Interval } from '../../simulator/statistics/interval.ts'
import type { Judged } from './finding.ts'

/** A figure with its unit: `12 %`, `1,230 ms`, `3.1`. */
export function figure(value: number, unit = ''): string {
  if (unit === '%') return written(value, true)
  return `${written(value)}${unit === '' ? '' : ` ${unit}`}`
}

/** The same with how far off it may be: `12 ± 1 %`. */
export function estimate({ mean, half }: Pick<Interval, 'mean' | 'half'>, unit = ''): string {
  if (!(half > 0)) return figure(mean, unit)
  const shown = unit === '%' ? 100 : 1
  const [value, off] = rounded(mean * shown, half * shown)
  return `${value} ± ${off}${unit === '' ? '' : ` ${unit}`}`
}

/** Down to the second figure of the uncertainty; nobody knows more. */
function rounded(mean: number, half: number): [string, string] {
  const digits = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(half))))
  return [grouped(mean.toFixed(digits)), grouped(half.toFixed(digits))]
}

function grouped(digits: string): string {
  const [whole, fraction] = digits.replace('-', '−').split('.')
  const thousands = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? thousands : `${thousands}.${fraction}`
}

/**
 * `holds`, `does not hold: …`, or, where the interval reaches into the range though the mean is outside, so that more replications might
 * show either, `cannot be told: …`.
 */
export function outcome({ expected, half, holds, instead, measured }: Judged): string {
  if (holds) return 'holds'
  const [from, to] = typeof expected === 'number' ? [expected, expected] : expected
  const open = measured - half <= to && measured + half >= from
  return `${open ? 'cannot be told' : 'does not hold'}: ${instead}`
}

/** `10 %`, `from 1 to 2 s`, `at most 20 %`, `more than …`. */
export function expectation({ expected, unit }: Judged): string {
  if (typeof expected === 'number') return figure(expected, unit)
  const [from, to] = expected
  if (from === -Infinity) return `at most ${figure(to, unit)}`
  if (to === Infinity) return `above ${figure(from, unit)}`
  if (from === to) return figure(from, unit)
  return `${figure(from, unit === '%' ? '%' : '')} to ${figure(to, unit)}`
}
