import { supermarketFiniteTime } from '../../simulator/theory/supermarket-finite.ts'
import type { Experiment } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

const CHOICES = [2, 3, 4, 5]
const nameOf = (choices: number): string =>
  choices === 2 ? 'power_of_two' : `power_of_two, choices ${choices}`

/** Milliseconds. */
const theory = (choices: number): number =>
  10 * supermarketFiniteTime({ servers: 100, rho: 0.9, choices })

const experiment: Experiment = {
  question: 'How many servers should a balancer look at before it chooses?',
  answer(results) {
    const time = (label: string): string => figure(results.mean('mean', label), 'ms')
    return (
      `Two: a second look takes the mean from ${time('random')} to ${time('power_of_two')}, a third to ${time(nameOf(3))}, where the work itself takes 10 ms; to look at all ` +
      `hundred gives ${time('least_connections')}, but needs true and fresh news of every server for every request, which a balancer that is not alone does not have.`
    )
  },
  scenario,
  replications: 6,
  cases: [
    { strategy: 'random' },
    { strategy: 'round_robin' },
    { strategy: 'power_of_two' },
    ...CHOICES.slice(1).map((choices) => ({ strategy: { name: 'power_of_two', choices } })),
    { strategy: 'least_connections' },
  ],
  measure: ({ result: { requests, servers } }) => ({
    mean: requests.latency!.mean,
    p99: requests.latency!.p99,
    most: Math.max(...servers.map(({ mostInHand }) => mostInHand)),
  }),
  chart: (results) => ({
    kind: 'bars',
    title: 'Mean and 99th percentile of the response time, for each strategy',
    x: { label: 'response time (ms)', scale: 'log', from: 10 },
    groups: ['mean', 'p99'].map((measure) => ({
      label: measure,
      bars: results.cases.map(({ label, name }) => ({
        label,
        strategy: name,
        ...results.estimate(measure, label),
      })),
    })),
  }),
  findings: (results): Finding[] => [
    {
      says: 'Random is a hundred M/M/1',
      measured: results.values('mean', 'random'),
      theory: 100,
      unit: 'ms',
    },
    ...CHOICES.map((choices) => ({
      says: `${choices} choices are as theory has them for a hundred servers`,
      measured: results.values('mean', nameOf(choices)),
      theory: theory(choices),
      unit: 'ms',
    })),
    {
      says: 'The second choice leaves less than half of the mean',
      measured: results.mean('mean', 'power_of_two') / results.mean('mean', 'random'),
      between: [0, 0.5],
      unit: 'times',
    },
    {
      says: 'The third leaves more than two thirds',
      measured: results.mean('mean', nameOf(3)) / results.mean('mean', 'power_of_two'),
      between: [0.67, 1],
      unit: 'times',
    },
  ],
}

export default experiment
