import type { Histogram } from '../../proxy/core/histogram.ts'
import { midpointOf } from '../../proxy/core/histogram.ts'
import { type Evidence, fact, ofCounts, ofSample, ofShare } from '../thresholds/evidence.ts'
import type { Figure } from '../thresholds/figures.ts'
import { judge, moreText, seenText } from '../thresholds/judge.ts'
import { readThreshold, type Threshold, ThresholdError } from '../thresholds/threshold.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { normalQuantile } from '../../simulator/statistics/normal.ts'
import { CONFIDENCE } from '../../simulator/statistics/interval.ts'
import { POWER } from '../../simulator/statistics/precision.ts'
import type { LoadAccount } from './account.ts'

/** A threshold, and what came of it. */
export interface Told {
  readonly text: string
  readonly verdict: 'pass' | 'fail' | 'undecided'
  /** What was seen, with its interval. */
  readonly seen: string
  /** Why it is undecided; empty if it is not. */
  readonly why: string
}

/** What is seen of a target from outside. */
const SEEN = [
  'quantile',
  'mean',
  'min',
  'max',
  'errors',
  'timeouts',
  'refused',
  'share',
  'share.least',
  'share.most',
  'fairness',
  'rate',
  'goodput',
  'requests',
]

/** Throws a `WrongInput`. */
export function readThresholds(texts: readonly string[]): Threshold[] {
  return texts.map((text) => {
    try {
      const threshold = readThreshold(text)
      const { name, scope, what } = threshold.figure
      if (scope !== 'twin' && SEEN.includes(what)) return threshold
      throw new WrongInput(`--threshold "${text}": ${name} cannot be seen from where load is sent`)
    } catch (error) {
      if (error instanceof ThresholdError)
        throw new WrongInput(`--threshold "${text}": ${error.message}`)
      throw error
    }
  })
}

/** `span`: for how long it was measured, in milliseconds. `valid`: whether times say anything. */
export function judgeAll(
  thresholds: readonly Threshold[],
  account: LoadAccount,
  span: number,
  valid: boolean,
): Told[] {
  return thresholds.map((threshold) => {
    const { figure, text } = threshold
    const evidence = evidenceOf(figure, account, span)
    if (typeof evidence === 'string') return { text, verdict: 'undecided', seen: '', why: evidence }
    const ruling = judge(threshold, evidence)
    const seen = seenText(ruling, figure.kind)
    if (!valid && figure.kind === 'time')
      return { text, verdict: 'undecided', seen, why: 'the run is invalid' }
    const why = ruling.verdict === 'undecided' ? moreText(ruling) : ''
    return { text, verdict: ruling.verdict, seen, why }
  })
}

/** A sentence where nothing was seen of it. */
function evidenceOf(figure: Figure, account: LoadAccount, span: number): Evidence | string {
  const { quantile, scope, server, what } = figure
  const { answered, byClass, due, reasons, servers } = account
  if (due === 0) return 'there was no request'
  if (figure.kind === 'time') {
    const times =
      scope === 'lateness'
        ? account.lateness
        : scope === 'service'
          ? account.service
          : account.response
    if (times.count === 0) return 'there was no answer'
    if (quantile !== undefined) return ofSample(sampleOf(times), quantile)
    return what === 'mean' ? ofMean(times) : fact(what === 'min' ? times.min : times.max)
  }
  const counts = [...servers].filter(([name]) => name !== '').map(([, { answers }]) => answers)
  const all = counts.reduce((sum, each) => sum + each, 0)
  if (server !== undefined) {
    const booking = servers.get(server)
    if (booking === undefined) return `no answer named a server ${server}`
    if (what === 'errors') return ofShare(booking.byClass[5], booking.answers)
    return ofShare(booking.answers, all)
  }
  if ((what.startsWith('share') || what === 'fairness') && all === 0)
    return 'no answer named its server'
  switch (what) {
    case 'errors':
      return ofShare(due - answered + byClass[5], due)
    case 'timeouts':
      return ofShare(timeoutsOf(reasons), due)
    case 'refused':
      return ofShare(account.unconnected, due)
    case 'share.least':
      return ofShare(Math.min(...counts), all)
    case 'share.most':
      return ofShare(Math.max(...counts), all)
    case 'fairness':
      return ofCounts(counts)
    case 'rate':
      return fact((answered * 1000) / span)
    case 'goodput':
      return fact(((answered - byClass[5]) * 1000) / span)
    default:
      return fact(answered)
  }
}

function timeoutsOf(reasons: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const [reason, count] of reasons) if (reason.startsWith('no answer within')) sum += count
  return sum
}

function sampleOf(times: Histogram): { count: number; valueAt(rank: number): number } {
  return { count: times.count, valueAt: (rank) => times.quantile(rank / times.count) }
}

/** The mean by the central limit theorem, with the spread that the buckets know. */
function ofMean(times: Histogram): Evidence {
  const { count, mean } = times
  const sparse = times.toSparse()
  let squares = 0
  for (let i = 0; i < sparse.length; i += 2)
    squares += sparse[i + 1] * (midpointOf(sparse[i]) - mean) ** 2
  const deviation = count < 2 ? Infinity : Math.sqrt(squares / (count - 1))
  const z = normalQuantile((1 + CONFIDENCE) / 2)
  const half = (z * deviation) / Math.sqrt(count)
  return {
    value: mean,
    low: mean - half,
    high: mean + half,
    of: 'request',
    more: (limit) =>
      ((z + normalQuantile(POWER)) * (deviation / Math.abs(mean - limit))) ** 2 - count,
  }
}
