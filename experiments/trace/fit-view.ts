import type { FittedSpec } from '../../simulator/fit/families.ts'
import { type Fit, type Fitting, howGood } from '../../simulator/fit/fit.ts'
import { clip } from '../../simulator/trace/errors.ts'
import { columnsOf, drawColumns } from '../live/columns.ts'
import { count, percent, plural, wrapWords } from '../live/format.ts'
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

function figuresOf(spec: FittedSpec): string {
  switch (spec.type) {
    case 'constant':
      return `value: ${short(spec.value)}`
    case 'exponential':
      return `mean: ${short(spec.mean)}`
    case 'erlang':
      return `mean: ${short(spec.mean)}, stages: ${spec.stages}`
    case 'lognormal':
      return `mean: ${short(spec.mean)}, cv: ${short(spec.cv)}`
    case 'weibull':
      return `mean: ${short(spec.mean)}, shape: ${short(spec.shape)}`
    case 'bounded_pareto':
      return `min: ${short(spec.min)}, max: ${short(spec.max)}, shape: ${short(spec.shape)}`
    case 'hyperexponential':
      return `branches: [${branchesOf(spec.branches)}]`
    case 'empirical':
    default:
      return `values: [${spec.values.map(short).join(', ')}]`
  }
}

/** Shares that add up to 1 as they are written. */
function branchesOf([one, other]: readonly { share: number; mean: number }[]): string {
  const share = Math.round(one.share * 1e6) / 1e6
  const rest = Math.round((1 - share) * 1e6) / 1e6
  return `{ share: ${share}, mean: ${short(one.mean)} }, { share: ${rest}, mean: ${short(other.mean)} }`
}

function short(value: number): number {
  return Number(value.toPrecision(5))
}
