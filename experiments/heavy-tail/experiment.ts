import { mgcWait } from '../../simulator/theory/high-variance.ts'
import { sizeIntervals } from '../../simulator/theory/size-interval.ts'
import { type Case, crossed, type Experiment } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { estimate } from '../frame/words.ts'
import { bySize } from './by-size.ts'
import scenario from './scenario.ts'

const MEAN = 2.97
/** Of the squared coefficient of variation. */
const SCV = 32.67
const RHO = 0.7
const { cuts, wait: sizedWait } = sizeIntervals({ min: 1, max: 10_000, shape: 1.5 }, 4, RHO)
/** Pollaczek and Khinchine: each server of a random split is an M/G/1. */
const RANDOM = ((RHO / (1 - RHO)) * MEAN * (1 + SCV)) / 2

const SIZED = 'by size (SITA-E)'
const SHARING = 'sharing'
const EACH = ['random', 'round_robin', 'power_of_two', 'least_connections', 'least_work'] as const

const cases: readonly Case[] = EACH.map((strategy) => ({ strategy }))

const experiment: Experiment = {
  question:
    'Which strategy is best when a few requests are a thousand times as large as the others?',
  answer(results) {
    const wait = (label: string, variant = ''): string =>
      estimate(results.interval('wait', label, variant), 'ms')
    return (
      `Any that sees load, but how a server shares its time matters as much: first come first served a request waits ${wait('random')} at random, ` +
      `${wait('least_connections')} with least_connections and ${wait(SIZED)} sorted by size, while on servers that work on all their requests at once random ` +
      `costs it ${wait('random', SHARING)} and least_connections ${wait('least_connections', SHARING)}.`
    )
  },
  scenario,
  replications: 6,
  cases: [
    ...cases,
    {
      strategy: { own: 'by_size', factory: bySize(cuts.map((cut) => cut * 1000)) },
      label: SIZED,
    },
    ...crossed(cases, [
      { variant: SHARING, change: { servers: [{ count: 4, discipline: 'sharing' }] } },
    ]),
  ],
  measure: ({ result: { requests } }) => ({
    wait: requests.latency!.mean - MEAN,
    p50: requests.latency!.p50,
    p99: requests.latency!.p99,
    p999: requests.latency!.p999,
  }),
  chart: (results) => ({
    kind: 'bars',
    title: 'Mean time lost to other requests, for each strategy and for two kinds of servers',
    x: { label: 'mean time beyond the work itself (ms)', scale: 'log' },
    groups: [
      { variant: '', label: 'first come first served', labels: [...EACH, SIZED] },
      { variant: SHARING, label: 'all at once', labels: EACH },
    ].map(({ label, labels, variant }) => ({
      label,
      bars: labels.map((each) => ({
        label: each,
        strategy: results.of(each, variant).name,
        ...results.estimate('wait', each, variant),
      })),
    })),
  }),
  findings: (results): Finding[] => [
    {
      says: 'First come first served, random is four M/G/1',
      measured: results.values('wait', 'random'),
      theory: RANDOM,
      unit: 'ms',
    },
    {
      says: 'Round robin waits about as long as random',
      measured: results.mean('wait', 'round_robin') / results.mean('wait', 'random'),
      between: [0.8, 1.1],
      unit: 'times',
    },
    {
      says: 'Sorted by size it is as theory has it',
      measured: results.values('wait', SIZED),
      theory: sizedWait,
      unit: 'ms',
    },
    {
      says: 'Least work waits as Lee and Longton’s formula has it',
      measured: results.values('wait', 'least_work'),
      theory: mgcWait(4, RHO, SCV) * MEAN,
      unit: 'ms',
      instead: 'an approximation from two moments, see below',
    },
    {
      says: 'Least work waits longer than sorting by size',
      measured: results.difference('wait', [SIZED], ['least_work']),
      above: 0,
      unit: 'ms',
      instead: 'it waits less',
    },
    ...(['power_of_two', 'least_connections'] as const).flatMap((label) => [
      {
        says: `${label} waits less than random`,
        measured: results.difference('wait', [label], ['random']),
        above: 0,
        unit: 'ms',
      },
      {
        says: `${label} waits longer than least work`,
        measured: results.difference('wait', ['least_work'], [label]),
        above: 0,
        unit: 'ms',
      },
    ]),
    {
      says: 'With servers that share their time random loses as with exponential work: ρ / (1 − ρ)',
      measured: results.values('wait', 'random', SHARING),
      theory: (RHO / (1 - RHO)) * MEAN,
      unit: 'ms',
    },
    {
      says: 'Then all lose less than the best does first come first served',
      measured: results.difference('wait', ['random', SHARING], ['least_work']),
      above: 0,
      unit: 'ms',
      instead: 'the best, which sees what work is left, comes close',
    },
    {
      says: 'Then least connections loses less than it does first come first served',
      measured: results.difference('wait', ['least_connections', SHARING], ['least_connections']),
      above: 0,
      unit: 'ms',
    },
  ],
}

export default experiment
