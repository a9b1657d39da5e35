import { CONFIDENCE, type Interval } from '../statistics/interval.ts'
import type { Verdict } from '../statistics/verdict.ts'
import type { Standing } from './comparison.ts'
import type { Contender } from './contender.ts'
import { type Metric, METRICS } from './metrics.ts'
import type { Replay } from './replay.ts'
import type { Replication } from './replication.ts'
import { warningsOf } from './remarks.ts'
import type { Study } from './study.ts'

/**
 * For programs: all that is known, and all that it takes to repeat it. Keys come in this order always, numbers as they are, and no clock
 * is looked at: the same question gives the same bytes.
 */
export function jsonReport(found: Study, version: string): string {
  return `${JSON.stringify(jsonResult(found, version), undefined, 2)}\n`
}

/** The same, before it is text. `lean`: without the histograms, for whoever has many of these. */
export function jsonResult(found: Study, version: string, lean = false): object {
  const { interrupted, precision, question, scenario, seeds, standings, steadiness } = found
  const { contenders, precision: wanted, replay, warmup } = question
  const warnings = warningsOf(found)
  return {
    evenkeel: version,
    // Not the strategy: there are several. And the seed is the first of those below.
    scenario: { ...scenario, strategy: undefined, ...(replay && withoutRecords(replay)) },
    ...(replay && { trace: replay }),
    contenders: contenders.map(contenderOf),
    ...(warnings.length > 0 && { warnings }),
    warmup: { given: warmup, milliseconds: scenario.warmup ?? 0 },
    replications: seeds.length,
    seeds,
    confidence: CONFIDENCE,
    ...(wanted !== undefined && {
      precision: { wanted, reached: precision ?? null, maxReps: question.maxReps },
    }),
    interrupted,
    steadiness,
    strategies: standings.map((standing) => strategyOf(standing, lean)),
  }
}

function contenderOf(each: Contender): object {
  if ('spec' in each) return { name: each.label, strategy: each.spec }
  if ('file' in each) return { name: each.label, options: each.options, sha256: each.sha256 }
  return { name: each.label, experiment: each.from, sha256: each.sha256 }
}

/** What was recorded stays in its file. */
function withoutRecords({ speed, work }: Replay): object {
  return {
    arrivals: { type: 'trace', speed },
    keys: undefined,
    work: work ?? { type: 'recorded' },
  }
}

function strategyOf(standing: Standing, lean: boolean): object {
  const { failures, figures, label, runs, steadiness, verdicts } = standing
  return {
    name: label,
    steadiness,
    figures: mapped((key) => shortInterval(figures[key])),
    failures,
    verdicts: mapped((key) => verdictOf(verdicts[key])),
    servers: serversOf(runs),
    runs: runs.map((run) => runOf(run, lean)),
  }
}

type Key = (typeof METRICS)[number]['key']

/** An object with what there is for each metric; without those for which there is nothing. */
function mapped(of: (key: Key) => object | null | undefined): object {
  return Object.fromEntries(METRICS.map(({ key }) => [key, of(key)]))
}

/** JSON has no infinity: the interval of a single run is null. */
function shortInterval(figure: Interval | null): object | null {
  if (figure === null) return null
  const { deviation, half, high, low, mean } = figure
  return { mean, deviation, half: finite(half), low: finite(low), high: finite(high) }
}

function verdictOf(verdict: Verdict | undefined): object | undefined {
  if (verdict === undefined) return undefined
  const { difference, more, relative, word } = verdict
  return {
    word,
    difference: shortInterval(difference),
    relative: shortInterval(relative),
    more: finite(more),
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/** Means over the runs. Servers that came later are in the runs where they were. */
function serversOf(runs: readonly Replication[]): object[] {
  const ids = [...new Set(runs.flatMap(({ servers }) => servers.map(({ id }) => id)))]
  return ids.map((id) => {
    const all = runs.flatMap(({ servers }) => servers.filter((server) => server.id === id))
    const mean = (of: (server: (typeof all)[number]) => number): number =>
      all.reduce((sum, server) => sum + of(server), 0) / all.length
    return {
      id,
      attempts: mean(({ attempts }) => attempts),
      failed: mean(({ failed }) => failed),
      share: mean(({ share }) => share),
      utilization: mean(({ utilization }) => utilization),
      inHand: mean(({ inHand }) => inHand),
    }
  })
}

function runOf(run: Replication, lean: boolean): object {
  const { generated, outcomes, requests, seed, span, underWay } = run
  const figures = METRICS.map((metric: Metric) => [metric.key, metric.of(run)])
  const { latency } = run
  return {
    seed,
    span,
    generated,
    underWay,
    requests,
    outcomes,
    ...(Object.fromEntries(figures) as object),
    min: latency?.min ?? null,
    max: latency?.max ?? null,
    ...(!lean && { buckets: latency?.buckets ?? [] }),
  }
}
