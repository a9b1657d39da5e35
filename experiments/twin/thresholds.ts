import { WrongInput } from '../sim/wrong-input.ts'
import type { Figure } from '../thresholds/figures.ts'
import { readThreshold, type Threshold, ThresholdError } from '../thresholds/threshold.ts'
import { PERCENTILES } from './goal.ts'
import { judgeError, judgeRanking, type Verdicts } from './judging.ts'
import type { TwinsOfScenario } from './twins.ts'

const ERRORS = [...PERCENTILES.map((key) => `twin.${key}.error`), 'twin.share.error']
/** Whose a ranking is. */
const ALL = 'all of them'

/** Why no twin has such a figure; undefined if it has. */
export function whyNoTwin(figure: Figure, runs: number, strategies: number): string | undefined {
  const { name } = figure
  if (isRanking(figure)) {
    if (strategies < 2) return `${name} is of at least two strategies`
    return runs < 2 ? `${name} needs at least 2 runs: one says nothing of its spread` : undefined
  }
  if (ERRORS.includes(name)) return undefined
  return `${name} is not known of a twin: there are ${ERRORS.join(', ')} and twin.ranking`
}

/** Of the command line. Throws `WrongInput`. */
export function readTwinThresholds(
  texts: readonly string[],
  runs: number,
  strategies: number,
): Threshold[] {
  const problems: string[] = []
  const thresholds = texts.flatMap((text): Threshold[] => {
    try {
      const threshold = readThreshold(text)
      const fault = whyNoTwin(threshold.figure, runs, strategies)
      if (fault === undefined) return [threshold]
      problems.push(`--threshold "${text}": ${fault}`)
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error
      problems.push(`--threshold "${text}": ${error.message}`)
    }
    return []
  })
  if (problems.length > 0) throw new WrongInput(problems.join('\n'))
  return thresholds
}

/** Holds each strategy of a scenario to the thresholds, and all of them to those of the ranking. */
export function judgeTwins(
  thresholds: readonly Threshold[],
  { findings, rankings }: Pick<TwinsOfScenario, 'findings' | 'rankings'>,
): Verdicts[] {
  const ofEach = thresholds.filter(({ figure }) => !isRanking(figure))
  const ofAll = thresholds.filter(({ figure }) => isRanking(figure))
  const each = findings.map((finding): Verdicts => {
    const items = ofEach.map((threshold) => judgeError(threshold, finding))
    return { strategy: finding.strategy, items }
  })
  if (ofAll.length === 0) return each
  const items = ofAll.map((threshold) => judgeRanking(threshold, rankings, findings))
  return [...(ofEach.length === 0 ? [] : each), { strategy: ALL, items }]
}

function isRanking({ scope, what }: Figure): boolean {
  return scope === 'twin' && what === 'ranking'
}
