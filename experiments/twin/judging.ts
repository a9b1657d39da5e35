import { milliseconds, percent, plural } from '../../simulator/format.ts'
import { fact } from '../thresholds/evidence.ts'
import { judge } from '../thresholds/judge.ts'
import type { Threshold } from '../thresholds/threshold.ts'
import type { Finding } from './findings.ts'
import { partOf, type Percentile } from './goal.ts'
import type { Ranking } from './ranking.ts'

/** What one threshold came to, of one strategy or of all of them. */
export interface Judged {
  /** `twin.p99.error < 10%` */
  readonly what: string
  readonly verdict: 'pass' | 'fail' | 'undecided'
  /** What was found: `+2.3 % (±0.8): 29.9 ms foretold, 29.2 ms measured`. */
  readonly seen: string
  /** Why nobody can tell. */
  readonly hint?: string
  /** The error, as a share of what was measured (of a share: as a share of all); of a ranking the part of pairs that are ranked the same. */
  readonly value?: number
  readonly low?: number
  readonly high?: number
}

/** What was asked of one strategy, or of all of them together. */
export interface Verdicts {
  readonly strategy: string
  readonly items: readonly Judged[]
}

/**
 * Whether a strategy was foretold well enough. The error itself is held to the limit, as the goal of `evenkeel twin` is; its interval over the
 * runs is told beside it. What was measured while the machine did something else proves neither.
 */
export function judgeError(threshold: Threshold, finding: Compared): Judged {
  const { text: what } = threshold
  const part = partOf(threshold)
  const found = part === 'share' ? shareError(finding) : timeError(part as Percentile, finding)
  if (found === undefined)
    return { what, verdict: 'undecided', seen: 'nothing', hint: 'no request ended well' }
  const disturbed = whyDisturbed([finding])
  if (disturbed !== undefined) return { what, verdict: 'undecided', ...found, hint: disturbed }
  return { what, verdict: judge(threshold, fact(Math.abs(found.value))).verdict, ...found }
}

type Compared = Pick<Finding, 'disturbed' | 'pairs' | 'percentiles' | 'share'>
type Seen = Required<Pick<Judged, 'seen' | 'value' | 'low' | 'high'>>

function timeError(part: Percentile, { pairs, percentiles }: Compared): Seen | undefined {
  if (percentiles === null) return undefined
  const { error, half, measured, predicted } = percentiles[part]
  const spread =
    half === null ? '' : ` (±${(half * 100).toFixed(1)} over ${plural(pairs.length, 'run')})`
  return {
    seen: `${signed(error * 100, 1)} %${spread}: ${milliseconds(predicted)} ms foretold, ${milliseconds(measured)} ms measured`,
    value: error,
    low: error - (half ?? 0),
    high: error + (half ?? 0),
  }
}

function shareError({ share }: Compared): Seen {
  const { error, measured, predicted, server } = share
  return {
    seen: `${signed(error * 100, 2)} points at ${server}: ${percent(predicted)} foretold, ${percent(measured)} measured`,
    value: error,
    low: error,
    high: error,
  }
}

/** Whether both worlds rank the strategies alike: of the pairs that both can tell apart, by any figure, the part that they rank the same. */
export function judgeRanking(
  threshold: Threshold,
  rankings: readonly Ranking[],
  findings: readonly Finding[],
): Judged {
  const what = threshold.text
  const same = rankings.reduce((sum, each) => sum + each.same, 0)
  const tied = rankings.reduce((sum, each) => sum + each.tied, 0)
  const contrary = rankings.flatMap(({ contrary, figure }) => {
    return contrary.map((pair) => `${pair} by ${figure}`)
  })
  const told = same + contrary.length
  const by = rankings.map(({ figure }) => figure).join(', ')
  const against = contrary.length === 0 ? '' : `; the other way round ${contrary.join(', ')}`
  const seen =
    told === 0
      ? `no pair can be told apart in both worlds by ${by}`
      : `${same} of ${told} pairs ranked the same by ${by}, ${tied} tied${against}`
  const disturbed = whyDisturbed(findings)
  if (disturbed !== undefined) return { what, verdict: 'undecided', seen, hint: disturbed }
  if (told === 0)
    return { what, verdict: 'undecided', seen, hint: 'more runs may tell the strategies apart' }
  const value = same / told
  const { verdict } = judge(threshold, fact(value))
  return { what, verdict, seen, value, low: value, high: value }
}

function whyDisturbed(findings: readonly Pick<Finding, 'disturbed'>[]): string | undefined {
  const [first, ...more] = findings.flatMap(({ disturbed }) => disturbed)
  if (first === undefined) return undefined
  const others = more.length === 0 ? '' : `, and ${more.length} more`
  return `the machine must be idle, and was not: ${first}${others}`
}

function signed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return value >= 0 && !text.startsWith('-') ? `+${text}` : text
}
