import { interval, type Interval } from '../../../simulator/statistics/interval.ts'
import { relativeInterval } from '../../../simulator/statistics/ratio.ts'
import { pairedInterval } from '../../../simulator/statistics/interval.ts'
import { isLevel } from '../../../simulator/study/comparison.ts'
import type { Replication } from '../../../simulator/study/replication.ts'
import type { Steadiness } from '../../../simulator/study/steadiness.ts'
import { ofReplications } from '../../thresholds/evidence.ts'
import type { Figure } from '../../thresholds/figures.ts'
import { judge, moreText, seenText } from '../../thresholds/judge.ts'
import type { Threshold } from '../../thresholds/threshold.ts'
import type { Known } from './baseline.ts'
import { grainOf, needsLevel, valueOf, wantsMore } from './figure-of-run.ts'
import type { Item } from './item.ts'

type Found = Omit<Item, 'repeat'>

/** Whether what one strategy's runs came to holds. */
export function judgeThreshold(
  threshold: Threshold,
  runs: readonly Replication[],
  settled: Steadiness,
  confidence: number,
): Found {
  const { figure, text: what } = threshold
  if (needsLevel(figure) && !isLevel(settled)) return { what, ...unsettled(settled) }
  const values = runs.map((run) => valueOf(figure, run))
  if (values.includes(null))
    return {
      what,
      verdict: 'undecided',
      seen: 'nothing',
      hint: `not every run has a ${figure.name}: give it a longer duration`,
    }
  const ruling = judge(threshold, ofReplications(values as number[], confidence, grainOf(figure)))
  const { high, low, more, value, verdict } = ruling
  const found = { what, verdict, seen: seenText(ruling, figure.kind), value, low, high }
  if (verdict !== 'undecided') return found
  return { ...found, more, hint: moreText(ruling) }
}

/** Queues that grow for ever have no p99: what was measured would only say how long the run was. */
function unsettled(settled: Steadiness): Omit<Found, 'what'> {
  if (settled === 'overloaded')
    return {
      verdict: 'fail',
      seen: 'no steady state: more arrives than can be served, and queues grow for as long as it lasts',
    }
  const hint =
    'some server gets more than it can do, or the run is too short: give it a longer duration'
  return {
    verdict: 'undecided',
    seen: 'no steady state: response times still go up or down at the end',
    hint,
  }
}

/** Whether a strategy is worse than the baseline by more than noise, pair by pair under the same seeds. */
export function judgeAgainst(
  { seeds: before, strategies }: Known,
  label: string,
  figure: Figure,
  { confidence, slack }: { confidence: number; slack: number },
  runs: readonly Replication[],
  settled: Steadiness,
): Found {
  const what = `${figure.name} no worse than the baseline${slack > 0 ? ` by ${Number((slack * 100).toPrecision(3))} %` : ''}`
  const skip = (hint: string): Found => ({ what, verdict: 'skipped', seen: '', hint })
  const known = strategies[label]
  if (known === undefined) return skip('the baseline does not have this strategy')
  const first = known[figure.name]
  if (first === undefined) return skip('the baseline does not have this figure')
  const steady = !needsLevel(figure) || isLevel(settled)
  const second = steady ? runs.map((run) => valueOf(figure, run)) : [null]
  if (first === null) return skip('the baseline has no steady state')
  if (second.includes(null))
    return {
      what,
      verdict: 'fail',
      seen: steady ? 'not every run has it any more' : 'does not settle any more',
    }
  const pairs = runs.flatMap(({ seed }, i) => {
    const at = before.indexOf(seed)
    return at < 0 ? [] : [[first[at], second[i] as number]]
  })
  if (pairs.length < 2) return skip('fewer than two runs have the same seeds')
  const [a, b] = [0, 1].map((side) => pairs.map((pair) => pair[side]))
  return { what, ...comparison(a, b, figure, slack, confidence) }
}

function comparison(
  a: number[],
  b: number[],
  figure: Figure,
  slack: number,
  confidence: number,
): Omit<Found, 'what'> {
  const points = figure.kind === 'share' || figure.kind === 'index'
  const base = interval(a).mean
  // Shares are compared in points: of no errors nothing is a share.
  const change = points
    ? pairedInterval(a, b, confidence)
    : (relativeInterval(a, b, confidence) ?? pairedInterval(a, b, confidence))
  const worse = wantsMore(figure) ? { low: -change.high, high: -change.low } : change
  const room = points ? slack * Math.abs(base) : slack
  const numbers = { value: change.mean, low: change.low, high: change.high }
  if (change.mean === 0 && change.deviation === 0)
    return { verdict: 'pass', seen: 'the same to the last digit', ...numbers }
  const verdict = worse.low > room ? 'fail' : 'pass'
  const better = worse.high < 0
  return {
    verdict,
    seen: `${changeText(change, points)}${verdict === 'fail' ? ': worse' : better ? ': better' : ''}`,
    ...numbers,
  }
}

/** `+4.2 % (3.9–4.5)` */
function changeText({ high, low, mean }: Interval, points: boolean): string {
  const digits = Math.abs(mean) >= 0.1 ? 1 : 2
  const [value, from, to] = [mean, low, high].map(
    (each) => `${each > 0 ? '+' : each < 0 ? '−' : ''}${Math.abs(each * 100).toFixed(digits)}`,
  )
  return `${value} ${points ? 'points' : '%'} (${from} to ${to})`
}
