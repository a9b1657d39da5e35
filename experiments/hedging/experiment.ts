import { midpointOf } from '../../proxy/core/histogram.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import {
  hedgedExtra,
  hedgedMean,
  hedgedQuantile,
  hedgedSlow,
} from '../../simulator/theory/hedging.ts'
import type { PolicySpec } from '../../simulator/policy.ts'
import type { Case, Experiment } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

const PLAIN = 'no hedges'
const HEDGED = 'after 20 ms'
const BUDGET = 'after 20 ms, budget 5 %'
const UNTOLD = 'after 20 ms, losers run on'
const UNTOLD_BUDGET = 'after 20 ms, losers run on, budget 5 %'

const delay = 20
const budget = { attempts: 0, budget: 0.05 }
const policies: Readonly<Record<string, PolicySpec>> = {
  [PLAIN]: {},
  [HEDGED]: { hedging: { delay } },
  [BUDGET]: { hedging: { delay }, retries: budget },
  [UNTOLD]: { hedging: { delay }, cancels: false },
  [UNTOLD_BUDGET]: { hedging: { delay }, cancels: false, retries: budget },
}

/** One queue a server, exponential work of 10 ms. */
const queued = (rate: number): Partial<Scenario> => ({
  arrivals: { type: 'poisson', rate },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 10 }],
})
const LOADS = [0.3, 0.5, 0.7, 0.9]

/** Of the lines in the chart: one strategy, four policies. */
const COLOURS = [8, 0, 5, 2]

const QUANTILES = [0.5, 0.9, 0.95, 0.99]
const after = (quantile: number): string => `after p${quantile * 100}`
const delayOf = (quantile: number): number => -Math.log1p(-quantile)

const strategy = 'power_of_two'
const cases: readonly Case[] = [
  ...[PLAIN, HEDGED].map((label) => ({ strategy, label, change: { policy: policies[label] } })),
  ...QUANTILES.map((quantile) => ({
    strategy,
    label: after(quantile),
    variant: 'exponential',
    change: {
      work: { type: 'exponential', mean: 10 } as const,
      policy: { hedging: { delay: 10 * delayOf(quantile) } },
    },
  })),
  ...LOADS.flatMap((load) =>
    Object.entries(policies).map(([label, policy]) => ({
      strategy,
      label,
      variant: `load ${load}`,
      change: { ...queued(1000 * load), policy },
    })),
  ),
]

const experiment: Experiment = {
  question: 'Does it help to ask a second server when the first one is late?',
  answer(results) {
    const slow = (label: string): string => figure(results.mean('slow', label), '%')
    const p99 = (label: string): string => figure(results.mean('p99', label, 'load 0.9'), 'ms')
    return (
      `If lateness is bad luck, very much: ${figure(results.mean('extra', HEDGED), '%')} more requests turn ${slow(PLAIN)} slow answers into ${slow(HEDGED)}; but if ` +
      `servers are late because they are busy, hedges whose losers run on are what drowns them: with those, queues grow without end from 70 % load on, and at 90 % p99 is ${p99(PLAIN)} without hedges and ` +
      `${p99(UNTOLD_BUDGET)} with a budget for them.`
    )
  },
  scenario,
  replications: 6,
  cases,
  measure: ({ result: { requests, retries, servers } }) => ({
    extra: retries / requests.count,
    mean: requests.latency!.mean,
    p99: requests.latency!.p99,
    slow: slowShare(requests.latency!.buckets, requests.latency!.count),
    busy: servers.reduce((sum, { utilization }) => sum + utilization, 0) / servers.length,
  }),
  chart: (results) => ({
    kind: 'lines',
    title: 'The 99th percentile with and without hedges, at each load',
    x: { label: 'load without hedges', percent: true, from: 0.3, to: 1 },
    y: { label: '99th percentile (ms), where the work is 10 ms', scale: 'log' },
    series: [PLAIN, HEDGED, UNTOLD, UNTOLD_BUDGET].map((label, dash) => ({
      label: label === UNTOLD ? `${UNTOLD}: no end from 70 %` : label,
      strategy,
      dash,
      colour: COLOURS[dash],
      // Where queues grow for as long as the run lasts, a percentile says only how long that was.
      points: LOADS.filter((load) => results.mean('busy', label, `load ${load}`) < 0.99).map(
        (load) => ({ x: load, ...results.estimate('p99', label, `load ${load}`) }),
      ),
    })),
  }),
  findings: (results): Finding[] => [
    {
      says: 'One in a hundred is hedged',
      measured: results.values('extra', HEDGED),
      theory: 0.01,
      unit: '%',
    },
    {
      says: 'One in ten thousand remains slow: both must have bad luck',
      measured: results.values('slow', HEDGED),
      theory: hedgedSlow(0.01),
      unit: '%',
    },
    ...QUANTILES.flatMap((quantile): Finding[] => [
      {
        says: `Exponential work, a hedge ${after(quantile)}: so many more attempts`,
        measured: results.values('extra', after(quantile), 'exponential'),
        theory: hedgedExtra(delayOf(quantile)),
        unit: '%',
      },
      {
        says: 'its mean',
        measured: results.values('mean', after(quantile), 'exponential'),
        theory: 10 * hedgedMean(delayOf(quantile)),
        unit: 'ms',
      },
      {
        says: 'its 99th percentile',
        measured: results.values('p99', after(quantile), 'exponential'),
        between: [
          9.7 * hedgedQuantile(delayOf(quantile), 0.99),
          10.3 * hedgedQuantile(delayOf(quantile), 0.99),
        ],
        unit: 'ms',
      },
    ]),
    ...[0.7, 0.9].map((load) => ({
      says: `At ${load * 100} % load, with losers that run on, the servers are busy all the time`,
      measured: results.values('busy', UNTOLD, `load ${load}`),
      between: [0.99, 1] as const,
      unit: '%',
    })),
    {
      says: 'With a budget of 5 % as well they are not',
      measured: results.values('busy', UNTOLD_BUDGET, 'load 0.9'),
      between: [0.9, 0.96],
      unit: '%',
    },
    {
      says: 'With that budget hedges do no harm to p99 at 90 %',
      measured: results.difference('p99', [UNTOLD_BUDGET, 'load 0.9'], [PLAIN, 'load 0.9']),
      above: 0,
      unit: 'ms',
      instead: 'they do: five per cent more load',
    },
    {
      says: 'Hedges whose losers stop at once help even at 90 %',
      measured: results.difference('p99', [HEDGED, 'load 0.9'], [PLAIN, 'load 0.9']),
      above: 0,
      unit: 'ms',
    },
  ],
}

/** The share of answers that took longer than half a second. */
function slowShare(buckets: readonly number[], count: number): number {
  let slow = 0
  for (let i = 0; i < buckets.length; i += 2) {
    if (midpointOf(buckets[i]) > 500) slow += buckets[i + 1]
  }
  return slow / count
}

export default experiment
