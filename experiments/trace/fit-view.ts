import type { DistributionSpec } from '../../simulator/distributions.ts'
import { type Fit, type Fitting, howGood } from '../../simulator/fit/fit.ts'
import { clip } from '../../simulator/trace/errors.ts'
import { columnsOf, drawColumns } from '../live/columns.ts'
import { count, percent, plural, wrapWords } from '../../simulator/format.ts'
import type { Paint } from '../live/paint.ts'
import { figure } from './inspect-view.ts'

/** Beyond this no family of distributions stands for the data. */
const POOR = 0.1

/** The fits, the best first, and the line for a scenario. `known`: how many requests say how long they took. */
export function drawFitting(
  name: string,
  whole: boolean,
  known: number,
  fitting: Fitting,
  width: number,
  paint: Paint,
): string[] {
  const { chance, cv, empirical, fits, grain, mean, zeros } = fitting
  const part = whole ? '' : ' (stopped before the end)'
  const of = fitting.count < known ? `, fitted to a random ${count(fitting.count)} of them` : ''
  const notes = [
    ...(zeros > 0
      ? [
          `${count(zeros)} of 0 ms (${percent(zeros / fitting.count)}) are too small for the log, and are taken for something small`,
        ]
      : []),
    ...(grain > 0 ? [`times are rounded to ${figure(grain)} ms, and compared as such`] : []),
    'a service time in a log includes waiting in the server: where that was busy, the work is less',
  ]
  const best = fits.at(0)
  const columns = [
    ...columnsOf('left', 'distribution'),
    ...columnsOf('right', 'distance', 'AIC'),
    ...columnsOf('left', 'how good', 'figures'),
  ]
  const rows = fits.map((fit) => [
    fit.spec.type,
    figure(fit.distance),
    fit.aic === best?.aic ? 'best' : `+${count(fit.aic - (best?.aic ?? 0))}`,
    howGood(fit, chance),
    figuresOf(fit.spec),
  ])
  const poor = best === undefined || best.distance > POOR
  return [
    paint('strong', clip(`${name} · ${plural(known, 'service time')}${part}${of}`, width)),
    `mean ${figure(mean)} ms, CV ${figure(cv)}`,
    '',
    ...drawColumns(columns, rows, width, paint),
    '',
    ...notes.flatMap((note) => wrapWords(note, width)).map((line) => paint('faint', line)),
    ...(poor
      ? wrapWords('! none of them fits: the data itself, in a hundred quantiles, does', width).map(
          (line) => paint('warn', line),
        )
      : []),
    '',
    // In one piece, however long, to be copied.
    specLine(poor ? empirical : best),
  ]
}

/** As a scenario has it. */
function specLine({ spec }: Fit): string {
  return `work: { type: ${spec.type}, ${figuresOf(spec)} }`
}

function figuresOf(spec: DistributionSpec): string {
  return fields(Object.entries(spec).filter(([name]) => name !== 'type'))
}

function fields(figures: readonly [string, unknown][]): string {
  return figures.map(([name, value]) => `${name}: ${written(value)}`).join(', ')
}

function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (typeof value === 'object' && value !== null) return `{ ${fields(Object.entries(value))} }`
  return String(Number((value as number).toPrecision(6)))
}
