import type { Point } from '../../dashboard/charts/chart.ts'
import { type Case, crossed, type Experiment } from '../frame/experiment.ts'
import type { Results } from '../frame/results.ts'
import { figure } from '../frame/words.ts'
import { apertures } from './apertures.ts'
import scenario from './scenario.ts'

const COUNTS = [1, 2, 5, 10, 20, 50]
const MOST = 50
const SINGLE = '50, with fifty servers of one worker'
const FIRST = 'least_connections, ties first'
const COUNTING = ['random', 'power_of_two', 'least_connections', FIRST]

const counting: readonly Pick<Case, 'strategy'>[] = [
  { strategy: 'random' },
  { strategy: 'power_of_two' },
  { strategy: 'least_connections' },
  { strategy: { name: 'least_connections', ties: 'first' } },
]

/** What is to bring balance back: servers that say how they are, and balancers that keep to a few servers. */
function remedies(size: number, change: Case['change'], variant: string): Case[] {
  return [
    { strategy: 'prequal', change: change!, variant },
    { strategy: { name: 'prequal', age: 100 }, change: change!, variant },
    { strategy: { name: 'prequal', age: 30, hot: 0 }, change: change!, variant },
    {
      strategy: { name: 'join_idle_queue', notice: 'reported' },
      label: 'join_idle_queue',
      change: { ...change, notices: true },
      variant,
    },
    {
      strategy: { own: 'aperture', factory: apertures(MOST, size) },
      change: change!,
      variant,
    },
  ]
}

const single = { proxies: MOST, servers: [{ count: 50 }] }

const experiment: Experiment = {
  question: 'What is left of counting when fifty balancers count apart?',
  answer(results) {
    const waiting = (label: string, count = MOST): string =>
      figure(results.mean('waiting', label, String(count)))
    return (
      `Little: least_connections keeps ${waiting('least_connections', 1)} requests waiting with one balancer and ${waiting('least_connections')} with fifty, where random keeps ` +
      `${waiting('random')}, and if it breaks ties by order of the list all fifty crowd the first server and ${waiting(FIRST)} wait.`
    )
  },
  scenario,
  replications: 5,
  cases: [
    ...crossed(
      counting,
      COUNTS.map((proxies) => ({ variant: String(proxies), change: { proxies } })),
    ),
    ...remedies(2, { proxies: MOST }, String(MOST)),
    ...crossed(counting.slice(0, 3), [{ variant: SINGLE, change: single }]),
    ...remedies(12, single, SINGLE),
  ],
  measure: ({ result: { servers }, simulation }) => ({
    // In hand, less in service.
    waiting: servers.reduce(
      (sum, { inHand, utilization }, i) =>
        sum + inHand - utilization * (simulation.stations[i].spec.workers ?? 1),
      0,
    ),
    busiest: Math.max(...servers.map(({ inHand }) => inHand)),
    most: Math.max(...servers.map(({ mostInHand }) => mostInHand)),
    largest: Math.max(...servers.map(({ share }) => share)),
  }),
  chart: (results) => ({
    kind: 'lines',
    title: 'Requests waiting against the number of balancers, for each strategy',
    x: { label: 'balancers in front of the same five servers', scale: 'log' },
    y: { label: 'requests that wait, on average', scale: 'log' },
    series: COUNTING.map((label) => ({
      label,
      strategy: label.split(',')[0],
      dash: label === FIRST ? 1 : 0,
      points: line(results, label),
    })),
  }),
  findings: (results) => [
    {
      says: 'Ties by order of the list: the first servers hold far more than the 7 that are due',
      measured: results.values('busiest', FIRST, '50'),
      between: [12, Infinity],
      unit: 'in hand',
    },
    {
      says: 'Random ties with fifty balancers: nearly a random split',
      measured:
        results.mean('waiting', 'least_connections', '50') /
        results.mean('waiting', 'random', '50'),
      between: [0.9, 1.1],
      instead: 'a little more than half of what waits with it',
      unit: 'times',
    },
    {
      says: 'Two choices with fifty balancers: the same',
      measured:
        results.mean('waiting', 'power_of_two', '50') / results.mean('waiting', 'random', '50'),
      between: [0.9, 1.1],
      instead: 'the same here too: a little more than half',
      unit: 'times',
    },
    ...[
      { label: 'prequal', instead: 'old probes, and latencies that say nothing, see below' },
      { label: 'prequal, age 30, hot 0' },
      { label: 'join_idle_queue', instead: 'no server of ten workers is ever idle' },
      { label: 'aperture' },
    ].map(({ label, ...rest }) => ({
      ...rest,
      says: `Five servers of ten workers: ${label} has fewer waiting than least_connections`,
      measured: results.difference('waiting', [label, '50'], ['least_connections', '50']),
      above: 0,
    })),
    ...[
      { label: 'prequal', instead: 'the interval has 0 in it' },
      { label: 'prequal, age 100' },
      { label: 'join_idle_queue' },
      { label: 'aperture' },
    ].map(({ label, ...rest }) => ({
      ...rest,
      says: `Fifty servers of one worker: ${label} has fewer waiting than least_connections`,
      measured: results.difference('waiting', [label, SINGLE], ['least_connections', SINGLE]),
      above: 0,
    })),
  ],
}

function line(results: Results, label: string): Point[] {
  return results.across('waiting', label, Number).filter(({ x }) => x > 0)
}

export default experiment
