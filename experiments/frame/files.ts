import { draw } from '../../dashboard/charts/draw.ts'
import { interval } from '../../simulator/statistics/interval.ts'
import type { Experiment } from './experiment.ts'
import { judge, type Judged } from './finding.ts'
import { BLANK, inStep, partsOf } from './page.ts'
import type { Results } from './results.ts'
import { run } from './run.ts'

/** What an experiment comes to: the files of its folder that are made, by name, and how its findings were judged. */
export interface Report {
  readonly findings: readonly Judged[]
  readonly answer: string
  readonly files: Readonly<Record<string, string>>
}

/** What the first run of each case came to: nearly as sure a sign of a change as all of them, and much sooner to be had. */
export function firsts(experiment: Experiment): unknown {
  const { cases } = run({ ...experiment, replications: 1 })
  const figures = cases.map((each) => mapped(each.figures, ([first]) => first))
  return JSON.parse(JSON.stringify(figures, rounded))
}

/** `page`: its README as it is; undefined if there is none. */
export function report(name: string, experiment: Experiment, page: string | undefined): Report {
  const results = run(experiment)
  const findings = experiment.findings(results).map(judge)
  const answer = experiment.answer(results)
  return {
    findings,
    answer,
    files: {
      'results.json': json(experiment, results, answer, findings),
      'chart.svg': draw(experiment.chart(results)),
      'README.md': inStep(page ?? BLANK, partsOf(name, experiment, results, findings)),
    },
  }
}

function json(
  { question }: Experiment,
  { cases, replications, times }: Results,
  answer: string,
  findings: readonly Judged[],
): string {
  const data = {
    question,
    answer,
    replications,
    confidence: 0.95,
    findings,
    ...(times.length > 0 && { times }),
    cases: cases.map(({ curves, figures, label, name, variant }) => ({
      strategy: name,
      label,
      ...(variant !== '' && { variant }),
      first: mapped(figures, ([first]) => first),
      figures: mapped(figures, summary),
      ...(times.length > 0 && { curves: mapped(curves, (values) => values.map(summary)) }),
    })),
  }
  // A list of numbers in one line.
  const text = JSON.stringify(data, rounded, 2)
  return `${text.replaceAll(/\[[^[\]{}]*\]/g, (list) => list.replaceAll(/\s+/g, ' '))}\n`
}

/** Mean, and the ends of the interval around it. */
function summary(values: readonly number[]): number[] {
  const { high, low, mean } = interval(values)
  return [mean, low, high]
}

/** Four figures are what a reader needs, and more than the intervals allow. `Infinity` is no JSON. */
function rounded(_: string, value: unknown): unknown {
  if (typeof value !== 'number') return value
  return Number.isFinite(value) ? +value.toPrecision(4) : String(value)
}

function mapped<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
