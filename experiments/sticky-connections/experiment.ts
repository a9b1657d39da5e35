import type { Experiment } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { figure } from '../frame/words.ts'
import { byConnection, type ByConnection } from './by-connection.ts'
import scenario from './scenario.ts'

const CONNECTIONS = 'by connection'

const experiment: Experiment = {
  question: 'Is a pool balanced when every server has the same number of connections?',
  answer(results) {
    const busiest = figure(results.mean('busiest', CONNECTIONS), 'times')
    const even = figure(results.mean('busiest', 'power_of_two'), 'times')
    const p99 = figure(results.mean('p99', 'power_of_two') / 1000, 's')
    return (
      `No: with the same number of connections at each, give or take one, the busiest server gets ${busiest} the mean of the requests, since connections are not alike, and its queue grows without end; ` +
      `where each request is balanced, with power_of_two, the busiest gets ${even} and p99 is ${p99}.`
    )
  },
  scenario,
  replications: 10,
  cases: [
    { strategy: { own: 'by_connection', factory: byConnection }, label: CONNECTIONS },
    { strategy: 'rendezvous' },
    { strategy: 'round_robin' },
    { strategy: 'power_of_two' },
    { strategy: 'least_connections' },
  ],
  measure({ result: { fairness, requests, servers }, simulation }) {
    const { strategy } = simulation.proxies[0].balancer
    const [fewest, most] =
      strategy.name === 'by_connection' ? (strategy as unknown as ByConnection).spread : [0, 0]
    return {
      connections: most - fewest,
      busiest: Math.max(...servers.map(({ share }) => share)) * servers.length,
      used: Math.max(...servers.map(({ utilization }) => utilization)),
      fairness,
      p99: requests.latency!.p99,
    }
  },
  chart: (results) => ({
    kind: 'bars',
    title: 'The busiest server’s requests compared with the mean, for each strategy',
    x: { label: 'requests at the busiest server, times the mean', from: 0 },
    groups: [
      {
        bars: results.cases.map(({ label, name }) => ({
          label,
          strategy: name,
          ...results.estimate('busiest', label),
        })),
      },
    ],
    marks: [
      { x: 1, label: 'even' },
      { x: 1 / 0.6, label: 'all it can do' },
    ],
  }),
  findings: (results): Finding[] => [
    {
      says: 'Connections are balanced: no server has more than one more than another',
      measured: results.values('connections', CONNECTIONS),
      between: [0, 1],
    },
    {
      says: 'Requests are not: the busiest server gets more than 1.67 times the mean, more than it can do',
      measured: results.values('busiest', CONNECTIONS),
      between: [1 / 0.6, 10],
      unit: 'times',
    },
    {
      says: 'So it is busy all the time, and its queue grows for as long as that lasts',
      measured: results.values('used', CONNECTIONS),
      between: [0.99, 1],
      unit: '%',
    },
    {
      says: 'Balanced request by request no server gets 1.05 times the mean',
      measured: results.values('busiest', 'power_of_two'),
      between: [1, 1.05],
      unit: 'times',
    },
    {
      says: 'and none is busy for more than 65 % of the time',
      measured: results.values('used', 'power_of_two'),
      between: [0.55, 0.65],
      unit: '%',
    },
    {
      says: 'Hashing connections is no better than counting them',
      measured: results.difference('busiest', [CONNECTIONS], ['rendezvous']),
      between: [-0.2, 10],
      unit: 'times',
    },
  ],
}

export default experiment
