/** Figures with their intervals, as the lessons say them. */
import type { Interval } from '../../simulator/statistics/interval.ts'
import { short } from '../shell/words.ts'
import type { Unit } from './lesson.ts'

const grouped = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** "68.9 ± 0.5 %": no more digits than the interval bears, and three at most; never broken over two lines. */
export function told(figure: Pick<Interval, 'mean' | 'half'>, unit: Unit): string {
  const [scale, name] = scaleOf(figure.mean, unit)
  const mean = figure.mean * scale
  const half = figure.half * scale
  if (!Number.isFinite(half) || half < 1e-9) return withUnit(plain(mean), name)
  const size = Math.floor(Math.log10(Math.max(Math.abs(mean), half)))
  // One digit of the interval, two if it begins with 1.
  const wanted = -Math.floor(Math.log10(half)) + (leading(half) === 1 ? 1 : 0)
  const digits = Math.max(0, Math.min(wanted, 2 - size))
  const format = grouped(digits)
  // An interval too small for three digits is not told as ± 0.
  if (Number(half.toFixed(digits)) === 0) return withUnit(format.format(mean), name)
  return withUnit(`${format.format(mean)} ± ${format.format(half)}`, name)
}

/** The same without its interval. */
export function value(mean: number, unit: Unit): string {
  const [scale, name] = scaleOf(mean, unit)
  return withUnit(plain(mean * scale), name)
}

function scaleOf(mean: number, unit: Unit): [scale: number, name: string] {
  if (unit === 'share') return [100, '%']
  if (unit === 'count') return [1, '']
  return Math.abs(mean) >= 999.5 ? [0.001, 's'] : [1, 'ms']
}

function withUnit(text: string, name: string): string {
  return (name === '' ? text : `${text} ${name}`).replaceAll(' ', '\u{A0}')
}

/** Whole numbers without a point. */
function plain(number: number): string {
  if (Math.abs(number) < 0.005) return '0'
  const text = short(number)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function leading(number: number): number {
  return Math.floor(number / 10 ** Math.floor(Math.log10(number)))
}
