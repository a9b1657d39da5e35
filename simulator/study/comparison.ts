import { OUTCOMES, type Outcome } from '../../proxy/core/recorder.ts'
import { interval, type Interval } from '../statistics/interval.ts'
import { verdict, type Verdict } from '../statistics/verdict.ts'
import type { Contender } from './contender.ts'
import { type Metric, type MetricKey, METRICS } from './metrics.ts'
import type { Replication } from './replication.ts'
import { drifts, rises, type Steadiness } from './steadiness.ts'

/** One strategy, over its replications. */
export interface Standing {
  readonly label: string
  readonly steadiness: Steadiness
  /** Null where some run has no such figure, or it means nothing. */
  readonly figures: Readonly<Record<MetricKey, Interval | null>>
  /** Each kind of failure as a share of all requests. */
  readonly failures: Readonly<Record<Exclude<Outcome, 'ok'>, number>>
  /** Against the first strategy, pair by pair; of the first, and where there is nothing to compare, none. */
  readonly verdicts: Readonly<Partial<Record<MetricKey, Verdict>>>
  readonly runs: readonly Replication[]
}

/**
 * Strategies side by side. `runs`: of each, as many as of the others, the n-th of all under one seed. `steadiness`: of the scenario.
 * `quiet`: at what share of the curve the last event was, if what comes after it should find a level.
 */
export function compare(
  contenders: readonly Contender[],
  runs: readonly (readonly Replication[])[],
  steadiness: Steadiness,
  quiet?: number,
): Standing[] {
  const standings: Standing[] = []
  for (const [i, { label }] of contenders.entries()) {
    const drifting =
      (steadiness === 'steady' && drifts(runs[i])) ||
      (steadiness === 'varying' && quiet !== undefined && rises(runs[i], quiet))
    const settled: Steadiness = drifting ? 'drifting' : steadiness
    const figures = figuresOf(runs[i], settled)
    const first = standings.at(0)
    const verdicts = first === undefined ? {} : verdictsOf(first, figures, runs[i])
    const failures = failuresOf(runs[i])
    standings.push({ label, steadiness: settled, figures, failures, verdicts, runs: runs[i] })
  }
  return standings
}

/** Whether there is a level of which a mean can be told. */
export function isLevel(steadiness: Steadiness): boolean {
  return steadiness === 'steady' || steadiness === 'varying'
}

type Figures = Record<MetricKey, Interval | null>

function figuresOf(runs: readonly Replication[], steadiness: Steadiness): Figures {
  const pairs = METRICS.map((metric: Metric): [string, Interval | null] => {
    if (metric.steady === true && !isLevel(steadiness)) return [metric.key, null]
    const values = valuesOf(metric, runs)
    return [metric.key, values === null || values.length === 0 ? null : interval(values)]
  })
  return Object.fromEntries(pairs) as Figures
}

function verdictsOf(
  first: Standing,
  figures: Figures,
  runs: readonly Replication[],
): Standing['verdicts'] {
  const verdicts: Partial<Record<MetricKey, Verdict>> = {}
  for (const metric of METRICS as readonly (Metric & { key: MetricKey })[]) {
    const { better, key } = metric
    if (better === 'neither' || figures[key] === null || first.figures[key] === null) continue
    const baseline = valuesOf(metric, first.runs)!
    verdicts[key] = verdict(baseline, valuesOf(metric, runs)!, { lower: better !== 'more' })
  }
  return verdicts
}

function valuesOf(metric: Metric, runs: readonly Replication[]): number[] | null {
  const values: number[] = []
  for (const run of runs) {
    const value = metric.of(run)
    if (value === null) return null
    values.push(value)
  }
  return values
}

function failuresOf(runs: readonly Replication[]): Standing['failures'] {
  const failures = { error: 0, timeout: 0, refused: 0, aborted: 0 }
  let all = 0
  for (const { requests } of runs) all += requests
  for (const outcome of OUTCOMES) {
    if (outcome === 'ok' || all === 0) continue
    for (const { outcomes } of runs) failures[outcome] += outcomes[outcome] / all
  }
  return failures
}
