import { verdict } from '../../simulator/statistics/verdict.ts'
import { compare, isLevel, type Standing } from '../../simulator/study/comparison.ts'
import { type Metric, METRICS } from '../../simulator/study/metrics.ts'
import { quietOf, type Study } from '../../simulator/study/study.ts'
import type { Judge } from './formats.ts'

export function metricOf(judge: Judge): Metric {
  return METRICS.find(({ key }) => key === judge)!
}

/** Who is best, and who cannot be told from it, best first; empty where nobody has such a figure. */
export function leadersOf({ standings }: Study, judge: Judge): Standing[] {
  const metric = metricOf(judge)
  const lower = metric.better !== 'more'
  const judged = standings
    .filter((each) => isLevel(each.steadiness) && each.figures[judge] !== null)
    .map((standing) => ({ standing, values: standing.runs.map((run) => metric.of(run)!) }))
    // Equal ones stay in the order in which they were named.
    .sort((a, b) => meanOf(a.standing, judge) - meanOf(b.standing, judge))
  if (!lower) judged.reverse()
  const [best] = judged
  return judged
    .filter((each) => {
      if (each === best) return true
      const { word } = verdict(best.values, each.values, { lower })
      return word === 'cannot tell yet' || word === 'no difference'
    })
    .map(({ standing }) => standing)
}

function meanOf({ figures }: Standing, judge: Judge): number {
  return figures[judge]!.mean
}

/** The same study, with the best in front: so verdicts are against it. */
export function againstBest(found: Study, judge: Judge): Study {
  const [best] = leadersOf(found, judge)
  const at = best === undefined ? 0 : found.standings.indexOf(best)
  if (at === 0) return found
  const first = <T>(all: readonly T[]): T[] => [all[at], ...all.filter((_, i) => i !== at)]
  const { question, scenario, standings, steadiness } = found
  const contenders = first(question.contenders)
  const runs = first(standings.map((standing) => standing.runs))
  const quiet = quietOf(question, scenario.warmup ?? 0)
  return {
    ...found,
    question: { ...question, contenders },
    standings: compare(contenders, runs, steadiness, quiet),
  }
}
