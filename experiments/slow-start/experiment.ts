import { slowStartFactor } from '../../proxy/core/slow-start.ts'
import type { Case, Experiment } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import type { Results } from '../frame/results.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

const BEGUN = 10_000
const WINDOW = 60_000
const ramp = (aggression: number) => ({
  slowStart: { duration: WINDOW, aggression, floor: 0.1 },
})
const AGGRESSIONS = [0.5, 1, 2]
const { events = [] } = scenario
const cold = { requests: 100, factor: 10 }
const restarts = [{ at: BEGUN, server: '*', restart: 100 }] as const

const OFF = 'at once'
const slowly = (aggression: number): string => `aggression ${aggression}`
const EDF = 'edf'
const SECOND = 'edf, and a second newcomer'
const ALL = 'all restarted at once'
const ALL_SLOWLY = 'all restarted, slow start'

const cases: readonly (Case & { readonly label: string })[] = [
  { strategy: 'weighted_round_robin', label: OFF },
  ...AGGRESSIONS.map((aggression) => ({
    strategy: 'weighted_round_robin' as const,
    label: slowly(aggression),
    change: { policy: ramp(aggression) },
  })),
  { strategy: 'least_connections', label: 'least_connections' },
  { strategy: 'power_of_two', label: 'power_of_two' },
  { strategy: 'edf', label: EDF, change: { policy: ramp(1) } },
  {
    strategy: 'edf',
    label: SECOND,
    change: { policy: ramp(1), events: [...events, { at: 30_000, add: { id: 'newer' } }] },
  },
  {
    strategy: 'weighted_round_robin',
    label: ALL,
    change: { events: restarts, servers: [{ count: 10, cold }] },
  },
  {
    strategy: 'weighted_round_robin',
    label: ALL_SLOWLY,
    change: { events: restarts, servers: [{ count: 10, cold }], policy: ramp(1) },
  },
]

/** The newcomer's share over the two seconds that end then, in each run. */
function at(results: Results, label: string, second: number): readonly number[] {
  return results.of(label).curves.share[second / 2 - 1]
}

/** What its share should be: the middle of the two seconds. */
function due(second: number, aggression = 1): number {
  const age = (second - 1) * 1000 - BEGUN
  const options = { duration: WINDOW, aggression, floor: 0.1 }
  const factor = slowStartFactor(age, options)
  return factor / (10 + factor)
}

const experiment: Experiment = {
  question: 'How should a server that has just started get its share?',
  answer(results) {
    const worst = (label: string): string => figure(results.mean('p999', label) / 1000, 's')
    return (
      `Little by little, if turns are taken: a cold server that gets its eleventh of the traffic at once keeps requests waiting (p99.9 ${worst(OFF)}), with a window of a minute much less ` +
      `(${worst(slowly(1))}), while least_connections needs no window (${worst('least_connections')}), and where all servers restart together it helps nobody.`
    )
  },
  scenario,
  replications: 6,
  cases,
  measure: ({ result: { requests } }) => ({
    mean: requests.latency!.mean,
    p99: requests.latency!.p99,
    p999: requests.latency!.p999,
  }),
  watch: {
    every: 2000,
    begin({ simulation }) {
      let sent = 0
      let all = 0
      return () => {
        const arrived = simulation.stations[10]?.model.arrived ?? 0
        const { generated } = simulation.clients
        const share = (arrived - sent) / (generated - all)
        sent = arrived
        all = generated
        return { share }
      }
    },
  },
  chart: (results) => ({
    kind: 'lines',
    title: 'The newcomer’s share of the requests over time',
    x: { label: 'time (s), the newcomer comes at 10', to: 100 },
    y: { label: 'share of the requests', percent: true },
    series: [
      { label: OFF, strategy: 'weighted_round_robin' },
      ...AGGRESSIONS.map((aggression, i) => ({
        label: slowly(aggression),
        strategy: 'weighted_round_robin',
        dash: i + 1,
      })),
      { label: 'least_connections', strategy: 'least_connections' },
    ].map((each) => ({ ...each, points: results.over('share', each.label) })),
    marks: [{ y: 1 / 11, label: 'fair share' }],
  }),
  findings: (results): Finding[] => [
    ...[20, 40, 60, 80].map((second) => ({
      says: `At ${second} s its share is f / (10 + f), f being the part of the window that is over`,
      measured: at(results, slowly(1), second),
      between: [due(second) - 0.002, due(second) + 0.002] as const,
      unit: '%',
      ...(second < 60 && { instead: 'weights follow in steps of three seconds' }),
    })),
    ...[0.5, 2].map((aggression) => ({
      says: `With aggression ${aggression} the same at 40 s`,
      measured: at(results, slowly(aggression), 40),
      between: [due(40, aggression) - 0.002, due(40, aggression) + 0.002] as const,
      unit: '%',
      ...(aggression < 1 && { instead: 'the same steps' }),
    })),
    {
      says: 'A cold newcomer makes p99.9 more than twice as long at once as little by little',
      measured: results.mean('p999', OFF) / results.mean('p999', slowly(1)),
      between: [2, Infinity],
      unit: 'times',
    },
    {
      says: 'Least connections needs no window: p99.9 is lower than with it',
      measured: results.difference('p999', ['least_connections'], [slowly(1)]),
      above: 0,
      unit: 'ms',
    },
    {
      says: 'Where all restart at once nothing is gained',
      measured: results.difference('mean', [ALL_SLOWLY], [ALL]),
      between: [0, 0],
      unit: 'ms',
    },
    {
      says: 'A second newcomer gives the first no surge under edf, in the two seconds after it',
      measured: at(results, SECOND, 32).map((share, run) => share - at(results, EDF, 32)[run]),
      between: [-0.002, 0.002],
      unit: '%',
    },
  ],
}

export default experiment
