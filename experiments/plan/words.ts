import { milliseconds, NOTHING, percent } from '../../simulator/format.ts'
import type { Checked } from '../../simulator/infer/calibration.ts'
import type { Ranged } from '../../simulator/infer/bootstrap.ts'
import type { Forecast } from './forecast.ts'
import { LEAST_GROWTH, MOST_GROWTH, type Headroom, type Without } from './headroom.ts'
import type { Found } from './planning.ts'

/** `212 ±14`: the larger side of the interval. */
export function time({ high, low, value }: Ranged): string {
  const half = Math.max(high - value, value - low)
  return Number.isFinite(half)
    ? `${milliseconds(value)} ±${milliseconds(half)}`
    : milliseconds(value)
}

/** `−30 % ± 6`. */
function change({ high, low, value }: Ranged): string {
  const half = Math.max(high - value, value - low) * 100
  return `${signed(value * 100, 0)} % ± ${half < 1 ? half.toFixed(1) : half.toFixed(0)}`
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits)
  return Number(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`
}

const TITLES = {
  p50: 'p50',
  p95: 'p95',
  p99: 'p99',
  errors: 'errors',
  share: 'share of',
  leastBusy: 'least busy picked',
}

export interface CheckWords {
  readonly title: string
  readonly measured: string
  readonly copied: string
  readonly error: string
  readonly bound: string
}

export function checkWords({
  bound,
  copied,
  error,
  key,
  measured,
  range,
  server,
}: Checked): CheckWords {
  if (key === 'p50' || key === 'p95' || key === 'p99') {
    return {
      title: `${TITLES[key]}, ms`,
      measured: range === undefined ? milliseconds(measured) : time(range),
      copied: milliseconds(copied),
      error: `${signed(error * 100, 1)} %`,
      bound: `${Number((bound * 100).toFixed(1))} %`,
    }
  }
  return {
    title: [TITLES[key], server].filter((each) => each !== undefined).join(' '),
    measured: percent(measured),
    copied: percent(copied),
    error: `${signed(error * 100, 1)} points`,
    bound: `${Number((bound * 100).toFixed(1))} points`,
  }
}

/** `peak_ewma would have been better: p99 212 → 148 ms (−30 % ± 6)`. */
export function verdictWords(
  { changes, label, moved, ranges, why, word }: Forecast,
  now: Forecast,
): string {
  const figures = `p99 ${milliseconds(now.ranges.p99.value)} → ${milliseconds(ranges.p99.value)} ms (${change(changes!.p99)})`
  const errors =
    changes!.errors.low > 0 || changes!.errors.high < 0
      ? `, errors ${percent(now.ranges.errors.value)} → ${percent(ranges.errors.value)}`
      : ''
  const keys = moved === undefined ? '' : `; ${percent(moved)} of the keys move`
  const rest = `${figures}${errors}${why === undefined ? '' : `; ${why}`}${keys}`
  return word === 'cannot tell'
    ? `${label}: cannot tell: ${rest}`
    : `${label} would have been ${word}: ${rest}`
}

export function growthWords({ growth }: Headroom): string {
  if (growth === Infinity) return `more than × ${MOST_GROWTH}`
  if (growth === 0) return `not even × ${LEAST_GROWTH}`
  return `× ${growth.toFixed(2)}`
}

export function withoutWords({ busiest, errors, p99, server }: Without): string[] {
  return [
    `without ${server}`,
    milliseconds(p99),
    percent(errors),
    busiest === undefined ? NOTHING : `${busiest.id} ${percent(busiest.utilization)}`,
  ]
}

/** The whole in a sentence. */
export function conclusion(found: Found): string {
  const { calibration, current, forecasts, log, refused } = found
  if (refused) {
    return calibration === undefined
      ? `Nothing can be said: ${found.doubts.join('; ')}.`
      : `The copy does not do what ${current} did in ${log.name}, so what it says of anything else would be worth nothing.`
  }
  const [, ...others] = forecasts
  const better = others
    .filter(({ word }) => word === 'better')
    .toSorted((a, b) => a.ranges.p99.value - b.ranges.p99.value)
  const [best] = better
  if (best !== undefined) return `${verdictWords(best, forecasts[0])}.`
  if (others.length === 0)
    return `The copy does what ${current} did. --strategy says what else to try.`
  if (others.every(({ word }) => word === 'worse'))
    return `Stay with ${current}: the others would have been worse.`
  return `No reason to leave ${current}: nothing is known to be better.`
}

export const INTERVALS =
  'Intervals (95 %) are of another period like this one: blocks of it, drawn anew (the same for all strategies). They are not of a model that is wrong: the table above says how far off it was.'
