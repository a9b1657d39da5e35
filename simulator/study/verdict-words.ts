import { type Verdict, verdictText } from '../statistics/verdict.ts'
import type { Tone } from './tone.ts'
import { isLevel, type Standing } from './comparison.ts'
import type { MetricKey } from './metrics.ts'

/** What verdicts are told of: all that come are in the JSON. */
const TOLD: readonly { key: MetricKey; title: string }[] = [
  { key: 'mean', title: 'mean' },
  { key: 'p99', title: 'p99' },
  { key: 'errors', title: 'errors' },
]

export interface VerdictWords {
  readonly title: string
  readonly text: string
  readonly tone: Tone
}

/** Of one strategy, against the first. */
export function verdictWords(standing: Standing, first: Standing): VerdictWords[] {
  if (!isLevel(standing.steadiness) || !isLevel(first.steadiness))
    return [unsettled(standing, first)]
  return TOLD.flatMap(({ key, title }) => {
    const verdict = standing.verdicts[key]
    // Where nothing ever fails there is nothing to say about it.
    const idle = key === 'errors' && !fails(standing) && !fails(first)
    return verdict === undefined || idle ? [] : [{ title, ...words(verdict, key === 'errors') }]
  })
}

/** By that figure alone. */
export function verdictOn(key: MetricKey, standing: Standing, first: Standing): VerdictWords {
  if (!isLevel(standing.steadiness) || !isLevel(first.steadiness)) return unsettled(standing, first)
  const verdict = standing.verdicts[key]
  if (verdict === undefined) return { title: '', text: 'nothing to compare', tone: 'faint' }
  return { title: '', ...words(verdict, key === 'errors' || key === 'retries') }
}

function fails({ figures }: Standing): boolean {
  return (figures.errors?.mean ?? 0) > 0
}

function unsettled(standing: Standing, first: Standing): VerdictWords {
  const title = ''
  const [itDoes, firstDoes] = [isLevel(standing.steadiness), isLevel(first.steadiness)]
  if (itDoes) return { title, tone: 'good', text: `settles, and ${first.label} does not` }
  if (firstDoes) return { title, tone: 'bad', text: `does not settle, and ${first.label} does` }
  return { title, tone: 'faint', text: 'neither settles: nothing to compare' }
}

/** `better by 41.2 ±1.3 %`; of shares, in points. */
function words(verdict: Verdict, points: boolean): { text: string; tone: Tone } {
  const { difference, relative, word } = verdict
  if (word === 'cannot tell yet' || word === 'no difference')
    return { text: verdictText(verdict), tone: 'faint' }
  const tone = word === 'better' ? 'good' : 'bad'
  if (points) {
    const by = `${figure(Math.abs(difference.mean) * 100)} ±${figure(difference.half * 100)}`
    return { text: `${word} by ${by} points`, tone }
  }
  if (relative === null) return { text: word, tone }
  const by = `${figure(Math.abs(relative.mean) * 100)} ±${figure(relative.half * 100)}`
  return { text: `${word} by ${by} %`, tone }
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : value.toPrecision(1)
}
