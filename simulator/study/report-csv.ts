import { type MetricKey, METRICS } from './metrics.ts'
import type { Study } from './study.ts'

/** For a spreadsheet: a row a strategy and figure, unrounded; empty where there is none. Times are milliseconds, shares from 0 to 1. */
export function csvReport({ standings }: Study): string {
  const rows = standings.flatMap(({ figures, label, steadiness, verdicts }) =>
    METRICS.map(({ key }: { key: MetricKey }) => {
      const figure = figures[key]
      const verdict = verdicts[key]
      return [
        label,
        steadiness,
        key,
        figure?.count,
        figure?.mean,
        figure?.half,
        figure?.low,
        figure?.high,
        verdict?.word,
        verdict?.difference.mean,
        verdict?.difference.half,
      ]
    }),
  )
  const header = [
    'strategy',
    'steadiness',
    'figure',
    'replications',
    'mean',
    'half',
    'low',
    'high',
    'verdict',
    'difference',
    'difference_half',
  ]
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('')
}

/** By RFC 4180. */
export function field(value: string | number | null | undefined): string {
  if (
    value === undefined ||
    value === null ||
    (typeof value === 'number' && !Number.isFinite(value))
  )
    return ''
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
