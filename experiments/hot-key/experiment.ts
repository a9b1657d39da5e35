import type { Scenario } from '../../simulator/scenario.ts'
import { type Case, type Experiment, labelOf } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'

const FACTORS = [1.05, 1.1, 1.25, 1.5, 2, 3]
const bounded = (factor: number): Case => ({ strategy: { name: 'bounded_load', factor } })
const BOUNDED = labelOf(bounded(1.25))

/** Servers that keep the last 300 keys, and do what they have kept in a fifth of the time; so there is room for five times the traffic. */
const CACHES = 'caches'
const caching: Partial<Scenario> = {
  arrivals: { type: 'poisson', rate: 1500 },
  servers: [{ count: 10, workers: 8, cache: { entries: 300, hit: 0.2 } }],
}

const keyed: readonly Case[] = ['ring_hash', 'rendezvous', 'maglev'].map((strategy) => ({
  strategy,
}))

const experiment: Experiment = {
  question: 'What does a strategy that goes by key do when one key is 30 % of the traffic?',
  answer(results) {
    const share = (label: string): string => figure(results.mean('share', label), '%')
    const hits = (label: string): string => figure(results.mean('hits', label, CACHES), '%')
    return (
      `It sends ${share('ring_hash')} of all requests to one server of ten, which is overloaded while the pool is at 30 %; bounded_load holds that server at 1.25 times the mean, and where keys are ` +
      `cached it still finds ${hits(BOUNDED)} of them cached, against ${hits('ring_hash')} if every key stays where it is and ${hits('power_of_two')} if none does.`
    )
  },
  scenario,
  replications: 6,
  cases: [
    { strategy: 'round_robin' },
    { strategy: 'power_of_two' },
    ...keyed,
    bounded(1.25),
    ...[
      { strategy: 'power_of_two' },
      { strategy: 'ring_hash' },
      ...FACTORS.map((factor) => bounded(factor)),
    ].map((each) => ({ ...each, variant: CACHES, change: caching })),
  ],
  measure({ result: { requests, servers }, simulation }) {
    let hits = 0
    let misses = 0
    for (const { cache } of simulation.stations) {
      hits += cache?.hits ?? 0
      misses += cache?.misses ?? 0
    }
    const inHand = servers.reduce((sum, server) => sum + server.inHand, 0) / servers.length
    return {
      share: Math.max(...servers.map(({ share }) => share)),
      busiest: Math.max(...servers.map((server) => server.inHand)) / inHand,
      /** What the cap allows, one request in hand more than 1.25 times the mean for rounding up. */
      excess: Math.max(...servers.map((server) => server.inHand)) - 1.25 * inHand,
      mean: requests.latency!.mean,
      p99: requests.latency!.p99,
      hits: hits + misses > 0 ? hits / (hits + misses) : 0,
    }
  },
  chart: (results) => ({
    kind: 'lines',
    title: 'Cache hits and the busiest server’s share, for each factor of bounded_load',
    x: { label: 'how much more than the mean a server may have (factor)', from: 1 },
    y: { label: 'share of all requests', percent: true, to: 1 },
    series: ['hits', 'share'].map((measure, dash) => ({
      label: measure === 'hits' ? 'found in a cache' : 'sent to the busiest server',
      strategy: 'bounded_load',
      dash,
      points: FACTORS.map((factor) => ({
        x: factor,
        ...results.estimate(measure, labelOf(bounded(factor)), CACHES),
      })),
    })),
    marks: [
      { y: results.mean('hits', 'ring_hash', CACHES), label: 'hits with ring_hash' },
      { y: results.mean('hits', 'power_of_two', CACHES), label: 'hits with power_of_two' },
    ],
  }),
  findings: (results): Finding[] => [
    ...['ring_hash', 'rendezvous'].map((label) => ({
      says: `${label} sends one server the key’s 30 % and a tenth of the rest, more or less`,
      measured: results.values('share', label),
      between: [0.33, 0.41] as const,
      unit: '%',
    })),
    {
      says: 'So does maglev',
      measured: results.values('share', 'maglev'),
      between: [0.33, 0.41],
      unit: '%',
      instead: 'other hot keys happen to be at the same server',
    },
    ...['ring_hash', 'rendezvous', 'maglev'].map((label) => ({
      says: `${label}: the time is more than twice that of power_of_two at 30 % load`,
      measured: results.mean('mean', label) / results.mean('mean', 'power_of_two'),
      between: [2, Infinity] as const,
      unit: 'times',
    })),
    {
      says: 'bounded_load holds the busiest server at 1.25 times the mean in hand, and one request for rounding',
      measured: results.values('excess', BOUNDED),
      between: [-Infinity, 1],
    },
    {
      says: 'Then nobody waits',
      measured: results.mean('mean', BOUNDED) / results.mean('mean', 'power_of_two'),
      between: [0.99, 1.01],
      unit: 'times',
    },
    {
      says: 'With caches more is found than if keys went anywhere',
      measured: results.difference('hits', ['power_of_two', CACHES], [BOUNDED, CACHES]),
      above: 0,
      unit: '%',
    },
    {
      says: 'The hit ratio is slightly lower than if every key stays',
      measured: results.difference('hits', [BOUNDED, CACHES], ['ring_hash', CACHES]),
      between: [0, 0.05],
      unit: '%',
      instead: 'the cap is the server’s, so the hot key pushes away others as well',
    },
    {
      says: 'A factor of 3 finds more than one of 1.05',
      measured: results.difference(
        'hits',
        [labelOf(bounded(1.05)), CACHES],
        [labelOf(bounded(3)), CACHES],
      ),
      above: 0,
      unit: '%',
    },
  ],
}

export default experiment
