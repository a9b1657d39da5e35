import type { Scenario } from '../../simulator/scenario.ts'
import type { Station } from '../../simulator/station.ts'
import { type Case, crossed, type Experiment, type RunUnderWay } from '../frame/experiment.ts'
import { figure } from '../frame/words.ts'
import { naiveLeastTime } from '../least-time-starvation/naive-least-time.ts'
import scenario from './scenario.ts'

/** A newcomer whose first 500 requests take twenty times as long, since its code has to be compiled. */
const COLD: Partial<Scenario> = {
  duration: 20_000,
  warmup: 5000,
  arrivals: { type: 'poisson', rate: 2400 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 10, workers: 4 }],
  policy: { timeout: 1000 },
  events: [{ at: 5000, add: { id: 'new', workers: 4, cold: { requests: 500, factor: 20 } } }],
}

/** One that answers nothing in its first second. */
const SILENT: Partial<Scenario> = {
  duration: 6000,
  warmup: 5000,
  arrivals: { type: 'poisson', rate: 500 },
  work: { type: 'constant', value: 10 },
  servers: [{ count: 10, discipline: 'infinite' }],
  events: [
    { at: 5000, add: { id: 'new', discipline: 'infinite', cold: { requests: 1000, factor: 100 } } },
  ],
}

/** Milliseconds between looks, and when the newcomer comes. */
const EVERY = 500
const COMES = 10_000

const CONNECTIONS = ['round_robin', 'power_of_two', 'least_connections']
const NAIVE: Case = { strategy: { own: 'naive_least_time', factory: naiveLeastTime } }
const named = (...names: readonly string[]): Case[] => names.map((strategy) => ({ strategy }))

/** The newcomer, once it has come. */
function newcomer({ simulation }: Pick<RunUnderWay, 'simulation'>): Station | undefined {
  return simulation.stations.find(({ id }) => id === 'new')
}

const experiment: Experiment = {
  question: 'What does a balancer do to a server that has just come?',
  answer(results) {
    const share = (label: string): string => figure(results.mean('rush', label), '%')
    const late = (label: string): string => figure(results.mean('failed', label, 'cold'), '%')
    return (
      `It depends: least_connections sends it ${share('least_connections')} of all new connections until it holds as many as the others, two choices ${share('power_of_two')}; if it is cold as well, ` +
      `round robin drowns it (${late('round_robin')} of all requests time out) while what counts requests in flight spares it (${late('least_connections')}), and a rule that ` +
      `holds it for infinitely fast until its first answer gives it every one of ${figure(results.mean('arrived', 'naive_least_time', 'silent'))} requests in a second.`
    )
  },
  scenario,
  replications: 5,
  cases: [
    ...named(...CONNECTIONS),
    ...crossed(
      named('round_robin', 'power_of_two', 'least_connections', 'peak_ewma', 'least_response_time'),
      [{ variant: 'cold', change: COLD }],
    ),
    ...crossed(
      [NAIVE, ...named('least_response_time', 'peak_ewma', 'least_connections')],
      [{ variant: 'silent', change: SILENT }],
    ),
  ],
  watch: {
    every: EVERY,
    keep: ['held'],
    begin({ simulation }) {
      return () => {
        const station = newcomer({ simulation })
        const others = simulation.stations.filter(({ id }) => id !== 'new')
        return {
          held: station?.inHand ?? 0,
          arrived: station?.model.arrived ?? 0,
          generated: simulation.clients.generated,
          others: Math.min(...others.map(({ inHand }) => inHand)),
        }
      }
    },
  },
  measure({ looks, result, simulation }) {
    const { requests } = result
    const [early, late] = [looks[COMES / EVERY - 1], looks[(COMES + 3000) / EVERY - 1]]
    const level = looks.findIndex(({ held, others }) => held > 0 && held >= others)
    return {
      // Of the new connections in the first three seconds.
      rush: (late.arrived - early.arrived) / Math.max(1, late.generated - early.generated),
      level: ((level + 1) * EVERY - COMES) / 1000,
      failed: requests.errorRate ?? 0,
      p99: requests.latency?.p99 ?? 0,
      arrived: newcomer({ simulation })!.model.arrived,
      share: newcomer({ simulation })!.model.arrived / requests.count,
    }
  },
  chart: (results) => ({
    kind: 'lines',
    title: 'Connections that the newcomer holds over time, for each strategy',
    x: { label: 'time (s)', from: 5 },
    y: { label: 'connections that the newcomer holds' },
    series: CONNECTIONS.map((label) => ({
      label,
      strategy: label,
      points: results.over('held', label).slice(9),
    })),
    marks: [
      { x: 10, label: 'it comes' },
      { y: 5000 / 11, label: 'its fair share' },
    ],
  }),
  findings: (results) => [
    {
      says: 'Connections: least_connections gives every new one to the newcomer at first',
      measured: results.values('rush', 'least_connections'),
      between: [0.99, 1],
      unit: '%',
    },
    {
      says: 'Until it holds as many as the others, 455, in 50 s × ln 1.1 = 4.77 s',
      measured: results.values('level', 'least_connections'),
      between: [4.5, 5.5],
      unit: 's',
    },
    {
      says: 'Two choices give it 2/11, and not more',
      measured: results.values('rush', 'power_of_two'),
      between: [0.15, 0.19],
      unit: '%',
    },
    {
      says: 'Cold: round robin drowns it, and requests time out',
      measured: results.values('failed', 'round_robin', 'cold'),
      above: 0.005,
      unit: '%',
    },
    {
      says: 'Cold: its p99 is several times that of least_connections',
      measured:
        results.mean('p99', 'round_robin', 'cold') /
        results.mean('p99', 'least_connections', 'cold'),
      between: [3, Infinity],
      unit: 'times',
    },
    {
      says: 'Cold: least_connections spares it',
      measured: results.values('failed', 'least_connections', 'cold'),
      between: [0, 0.001],
      unit: '%',
    },
    {
      says: 'Silent: a score of 0 until the first answer draws every request of a second',
      measured: results.values('arrived', 'naive_least_time', 'silent'),
      between: [460, 540],
      unit: 'requests',
    },
    {
      says: 'Silent: peak_ewma, for which it is as good as the others, gives it few',
      measured: results.values('arrived', 'peak_ewma', 'silent'),
      between: [1, 91],
      unit: 'requests',
    },
  ],
}

export default experiment
