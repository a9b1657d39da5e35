import type { ServerSpec } from '../../simulator/scenario.ts'
import type { Case, Experiment, Figures } from '../frame/experiment.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

/** As if nobody had said anything about speeds. */
function weighing(...weights: readonly number[]): Pick<Case, 'change'> {
  const servers = scenario.servers.map((server, i): ServerSpec => ({
    ...server,
    weight: weights[i],
  }))
  return { change: { servers } }
}

/** Milliseconds between looks. */
const EVERY = 2000

/** Of the time before and after the change, the last two thirds. */
const BEFORE = [20_000, 60_000] as const
const AFTER = [80_000, 120_000] as const

/** Of the requests that ended between two looks. */
function meanTime(looks: readonly Figures[], from: number, to: number): number {
  const [first, last] = [looks[from / EVERY - 1], looks[to / EVERY - 1]]
  return (last.sum - first.sum) / (last.count - first.count)
}

const OPTIMAL = 'random, best weights'

const experiment: Experiment = {
  question: 'Must a balancer know how fast its servers are?',
  answer(results) {
    const before = (label: string): string => figure(results.mean('before', label), 'ms')
    const after = (label: string): string => figure(results.mean('after', label), 'ms')
    return (
      `No: least_connections without weights takes ${before('least_connections')} where a random split by the right weights takes ${before('random')}, and when fast and ` +
      `slow servers change places it takes ${after('least_connections')}, while weights that were right grow queues without end.`
    )
  },
  scenario,
  replications: 8,
  cases: [
    { strategy: 'round_robin' },
    { strategy: 'weighted_round_robin' },
    { strategy: 'random' },
    { strategy: 'random', label: OPTIMAL, ...weighing(0.3536, 0.3536, 0.1464, 0.1464) },
    { strategy: 'power_of_two', ...weighing(1, 1, 1, 1) },
    { strategy: 'least_connections', ...weighing(1, 1, 1, 1) },
    { strategy: 'peak_ewma', ...weighing(1, 1, 1, 1) },
    { strategy: 'least_response_time', ...weighing(1, 1, 1, 1) },
  ],
  watch: {
    every: EVERY,
    keep: ['time'],
    begin({ recorder }) {
      const { latency } = recorder.requests
      let count = 0
      let sum = 0
      return () => {
        const time = (latency.sum - sum) / (latency.count - count)
        ;({ count, sum } = latency)
        return { time, count, sum }
      }
    },
  },
  measure: ({ looks }) => ({
    before: meanTime(looks, ...BEFORE),
    after: meanTime(looks, ...AFTER),
  }),
  chart: (results) => ({
    kind: 'lines',
    title:
      'Mean response time over two minutes, for each strategy; after one the fast servers become the slow ones',
    x: { label: 'time (s)' },
    y: { label: 'mean response time of the last two seconds (ms)', scale: 'log' },
    series: results.cases
      .filter(({ label }) => label !== OPTIMAL)
      .map(({ label, name }) => ({ label, strategy: name, points: results.over('time', label) })),
    marks: [{ x: 60, label: 'fast and slow change places' }],
  }),
  findings: (results) => [
    {
      says: 'Weights in proportion to speed make a random split M/M/1 at two thirds',
      measured: results.values('before', 'random'),
      theory: 20,
      unit: 'ms',
    },
    {
      says: 'The best weights for a random split are a little better',
      measured: results.values('before', OPTIMAL),
      theory: 19.1421,
      unit: 'ms',
    },
    {
      says: 'Round robin keeps the slow servers exactly busy, so their queues wander off',
      measured: results.values('before', 'round_robin'),
      between: [40, Infinity],
      unit: 'ms',
    },
    ...['power_of_two', 'least_connections', 'peak_ewma', 'least_response_time'].map((label) => ({
      says: `${label} is near the best random split, or better, without weights`,
      measured: results.values('before', label),
      between: [0, 21] as const,
      unit: 'ms',
    })),
    ...['random', 'weighted_round_robin'].map((label) => ({
      says: `After the change ${label} sends the slow servers a third more than they can do`,
      measured: results.values('after', label),
      between: [1000, Infinity] as const,
      unit: 'ms',
    })),
    ...['power_of_two', 'least_connections', 'peak_ewma', 'least_response_time'].map((label) => ({
      says: `After the change ${label} is where it was before`,
      measured: results.difference('before', [label], [label], 'after'),
      between: [-2, 2] as const,
      unit: 'ms',
    })),
  ],
}

export default experiment
