import { type Case, crossed, type Experiment, labelOf } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

/** Of what is meant for the servers, as in figure 6 of the paper. */
const LOADS = [0.75, 1.03, 1.41, 1.74]
const MEANT = 720
const LOW = '0.75'
const HIGH = '1.74'

const WEIGHTED = 'reported_load'
const strategies = [WEIGHTED, 'least_connections', 'power_of_two', 'least_response_time', 'prequal']

const change = (load: number): Pick<Case, 'variant' | 'change'> => ({
  variant: `${load}`,
  change: { arrivals: { type: 'poisson', rate: MEANT * load } },
})

/** Of which each sees more of the traffic. */
const FEW = [5, 10]
const few: readonly Pick<Case, 'variant' | 'change'>[] = FEW.map((proxies) => ({
  variant: `${HIGH}, ${proxies} clients`,
  change: { ...change(1.74).change, proxies },
}))

const tuned: readonly Case[] = [0, 0.5, 1].map((hot) => ({ strategy: { name: 'prequal', hot } }))
const hot = (quantile: number): string => labelOf({ strategy: { name: 'prequal', hot: quantile } })

const experiment: Experiment = {
  question: 'What should a balancer go by when neighbours slow the servers down?',
  answer(results) {
    const p99 = (label: string): string => figure(results.mean('p99', label, HIGH) / 1000, 's')
    return (
      `By what the servers have in hand now, if there are many clients: with forty, at 1.74 times the load that is meant for the servers, p99 is ${p99('prequal')} with prequal, which asks them, ${p99(hot(0))} if it goes by requests in hand ` +
      `alone, ${p99('least_connections')} with least_connections, where each client knows only its own, and ${p99(WEIGHTED)} with weights from the utilization that they report.`
    )
  },
  scenario,
  replications: 5,
  cases: [
    ...crossed(
      strategies.map((strategy) => ({ strategy })),
      LOADS.map(change),
    ),
    ...crossed(tuned, [change(1.74)]),
    ...crossed([{ strategy: 'least_connections' }, { strategy: 'prequal' }], few),
  ],
  measure: ({ result: { requests } }) => ({
    errors: requests.errorRate!,
    mean: requests.latency!.mean,
    p99: requests.latency!.p99,
    p999: requests.latency!.p999,
  }),
  chart: (results) => ({
    kind: 'lines',
    title: 'The 99th percentile at each load, for each strategy',
    x: { label: 'load, of what is meant for the servers', from: 0.75 },
    y: { label: '99th percentile (s)', scale: 'log' },
    series: strategies.map((label) => ({
      label,
      strategy: label,
      points: results
        .across('p99', label, Number)
        .filter(({ x }) => x > 0)
        .map(({ high = 0, low = 0, mean, x }) => ({
          x,
          mean: mean / 1000,
          low: Math.max(low, 100) / 1000,
          high: high / 1000,
        })),
    })),
  }),
  findings: (results): Finding[] => [
    {
      says: 'At the lowest load no strategy loses a request',
      measured: Math.max(...strategies.map((label) => results.mean('errors', label, LOW))),
      between: [0, 0],
      unit: '%',
      instead: 'one in 50,000 with least_connections: clients herd on a slow server',
    },
    {
      says: 'From 1.03 on p99.9 under weights from reported load is at the deadline of 5 s, or above 4 s',
      measured: results.values('p999', WEIGHTED, '1.03'),
      between: [4000, 5000],
      unit: 'ms',
      instead: 'our weights follow within two seconds',
    },
    {
      says: 'At 1.74 they lose requests',
      measured: results.values('errors', WEIGHTED, HIGH),
      above: 0,
      unit: '%',
    },
    {
      says: 'Prequal loses none up to 1.74',
      measured: Math.max(...LOADS.map((load) => results.mean('errors', 'prequal', `${load}`))),
      between: [0, 0],
      unit: '%',
      instead: 'for seconds there is less capacity than load',
    },
    ...strategies.slice(0, -1).map((label) => ({
      says: `At 1.74 p99 is higher under ${label} than under prequal`,
      measured: results.difference('p99', ['prequal', HIGH], [label, HIGH]),
      above: 0,
      unit: 'ms',
      ...(label === 'least_response_time' && { instead: 'the interval has 0 in it' }),
    })),
    ...FEW.map((count) => ({
      says: `At 1.74 with ${count} clients: p99 is higher under least_connections than under prequal`,
      measured: results.difference(
        'p99',
        ['prequal', `${HIGH}, ${count} clients`],
        ['least_connections', `${HIGH}, ${count} clients`],
      ),
      above: 0,
      unit: 'ms',
      instead: count === 5 ? 'it is lower' : 'the interval has 0 in it',
    })),
    ...[0, 1].map((quantile) => ({
      says:
        quantile === 0
          ? 'p99 is higher if prequal goes by requests in hand alone'
          : 'and if it goes by latency alone',
      measured: results.difference('p99', ['prequal', HIGH], [hot(quantile), HIGH]),
      above: 0,
      unit: 'ms',
      instead: quantile === 0 ? 'it is lower' : 'the interval has 0 in it',
    })),
  ],
}

export default experiment
