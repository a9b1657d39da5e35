import { log } from '../../proxy/core/logarithm.ts'
import type { Axis } from './chart.ts'

/** Where values are on an axis, and which are written beside it. */
export interface Scale {
  readonly ticks: readonly number[]
  /** In pixels. */
  readonly at: (value: number) => number
}

/** About so many pixels from one tick to the next. */
const APART = 64
const STEPS = [1, 2, 5, 10]

/** An axis over these values, from pixel `start` to pixel `end`. */
export function scaleOf(axis: Axis, values: readonly number[], start: number, end: number): Scale {
  const finite = values.filter((value) => Number.isFinite(value))
  return axis.scale === 'log'
    ? logarithmic(axis, finite, start, end)
    : linear(axis, finite, start, end)
}

function linear(axis: Axis, values: readonly number[], start: number, end: number): Scale {
  const from = axis.from ?? Math.min(0, ...values)
  const most = axis.to ?? Math.max(...values, from)
  const wanted = Math.max(2, Math.abs(end - start) / APART)
  const step = stepOf((most - from || 1) / wanted)
  const to = axis.to ?? Math.max(1, Math.ceil((most - from) / step - 1e-9)) * step + from
  const ticks: number[] = []
  const first = Math.ceil(from / step - 1e-9)
  for (let i = first; i * step <= to + step * 1e-9; i++) ticks.push(+(i * step).toPrecision(12))
  const at = (value: number): number => {
    // Who sets an end means it: what is beyond is not drawn outside.
    const shown = Math.min(Math.max(value, axis.from ?? -Infinity), axis.to ?? Infinity)
    return start + ((shown - from) / (to - from)) * (end - start)
  }
  return { ticks, at }
}

function logarithmic(axis: Axis, values: readonly number[], start: number, end: number): Scale {
  const positive = values.filter((value) => value > 0)
  const least = axis.from ?? Math.min(...(positive.length > 0 ? positive : [1]))
  const low = log10(least)
  const wanted = log10(axis.to ?? Math.max(...positive, least))
  // Values that are all the same get a decade of their own.
  const high = wanted - low > 1e-9 ? wanted : low + 1
  const most = 10 ** high
  const at = (value: number): number => {
    const place = (log10(Math.max(value, least)) - low) / (high - low)
    return start + place * (end - start)
  }
  const decade = Math.abs(end - start) / (high - low)
  const parts = decade > 3 * APART ? [1, 2, 5] : decade > 1.3 * APART ? [1, 3] : [1]
  const ticks: number[] = []
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    for (const part of parts) {
      const tick = +(part * 10 ** power).toPrecision(12)
      if (tick >= least * (1 - 1e-9) && tick <= most * (1 + 1e-9)) ticks.push(tick)
    }
  }
  return { ticks, at }
}

/** The same in every engine, so that a chart has the same bytes wherever it is drawn. */
function log10(value: number): number {
  return log(value) * Math.LOG10E
}

/** 1, 2 or 5 times a power of ten, at least so much. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(log10(least))
  return (STEPS.find((step) => step * power >= least * (1 - 1e-9)) ?? 10) * power
}

/** `0.25`, `1,500`, `12 %`: three figures at most. */
export function written(value: number, percent = false): string {
  const shown = +(percent ? value * 100 : value).toPrecision(3)
  const [whole, fraction] = String(Math.abs(shown)).split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  const sign = shown < 0 ? '−' : ''
  return `${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}${percent ? ' %' : ''}`
}
