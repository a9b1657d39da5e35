import { type Metric, METRICS } from '../../simulator/study/metrics.ts'
import { field } from '../../simulator/study/report-csv.ts'
import type { Found } from './report.ts'
import { flat } from './vary.ts'

/** For a spreadsheet: a row a run, unrounded. Times are milliseconds, shares from 0 to 1. */
export function csvReport({ outcomes }: Found): string {
  const axes = [...new Set(outcomes.flatMap(({ cell }) => Object.keys(cell.vary)))]
  const figures: readonly Metric[] = METRICS
  const header = [
    'scenario',
    ...axes,
    'strategy',
    'seed',
    'warmup',
    'requests',
    ...figures.map(({ key }) => key),
  ]
  const rows = outcomes.flatMap(({ cell, found: { scenario, standings } }) =>
    standings.flatMap(({ label, runs }) =>
      runs.map((run) => [
        scenario.name,
        ...axes.map((axis) => (axis in cell.vary ? flat(cell.vary[axis]) : '')),
        label,
        run.seed,
        scenario.warmup,
        run.requests,
        ...figures.map((metric) => metric.of(run)),
      ]),
    ),
  )
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('')
}
