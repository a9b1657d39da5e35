import type { Scenario } from '../../simulator/scenario.ts'
import type { Experiment } from '../frame/experiment.ts'
import type { Finding } from '../frame/finding.ts'
import { figure } from '../frame/words.ts'
import scenario from './scenario.ts'
import { type WeightedPair, weightedPair } from './weighted-pair.ts'

/** How often a server of weight 1/2 is drawn among N, compared with one of weight 1: from a comment in Finagle's source. */
const FINAGLE: Readonly<Record<number, number>> = { 2: 1, 3: 0.61, 4: 0.56, 6: 0.53, 10: 0.52 }
const SIZES = Object.keys(FINAGLE).map(Number)

const PAIR = 'pair by weight'
const TWICE = 'pair by weight, load / weight'
const BUSY = 'busy'
const sized = (size: number): string => `${size} servers`

const pool = (size: number): Partial<Scenario> => ({
  servers: [
    { id: 'full', count: size - 1 },
    { id: 'half', speed: 0.5, weight: 0.5 },
  ],
})
/** At 80 % of what the three can do. */
const busy: Partial<Scenario> = {
  duration: 100_000,
  warmup: 10_000,
  arrivals: { type: 'poisson', rate: 200 },
  work: { type: 'exponential', mean: 10 },
}

const pair = { own: 'weighted_pair', factory: weightedPair(false) }
const twice = { own: 'weighted_pair', factory: weightedPair(true) }

const experiment: Experiment = {
  question: 'Does a server of half the weight get half the requests when two are drawn by weight?',
  answer(results) {
    const times = (label: string, variant: string): string =>
      figure(results.mean('requests', label, variant))
    const drawn = (size: number): string => figure(results.mean('drawn', PAIR, sized(size)))
    return (
      `No: of three servers it is drawn ${drawn(3)} times as often as a whole one, of two as often, of ten ${drawn(10)} times, since two different ones are drawn; under load, ` +
      `where load over weight is compared, it gets ${times('power_of_two', BUSY)} times as many even if the draw knows no weights.`
    )
  },
  scenario,
  replications: 6,
  cases: [
    ...SIZES.map((size) => ({
      strategy: pair,
      label: PAIR,
      variant: sized(size),
      change: pool(size),
    })),
    ...[
      { strategy: 'random' },
      { strategy: 'weighted_round_robin' },
      { strategy: 'power_of_two' },
    ].map((each) => ({ ...each, variant: sized(3) })),
    ...[
      { strategy: 'random' },
      { strategy: pair, label: PAIR },
      { strategy: twice, label: TWICE },
      { strategy: 'power_of_two' },
      { strategy: 'least_connections' },
    ].map((each) => ({ ...each, variant: BUSY, change: busy })),
  ],
  measure({ result: { requests, servers }, simulation }) {
    const { strategy } = simulation.proxies[0].balancer
    const drawn =
      strategy.name === 'weighted_pair' ? (strategy as unknown as WeightedPair).drawn : [1]
    return {
      /** The server of half the weight, compared with the mean of the others. */
      drawn: ratio(drawn),
      requests: ratio(servers.map(({ attempts }) => attempts.count)),
      mean: requests.latency!.mean,
    }
  },
  chart: (results) => ({
    kind: 'lines',
    title: 'How often a server of half the weight is drawn, compared with a whole one',
    x: { label: 'servers', scale: 'log', from: 2, to: 10 },
    y: { label: 'draws, compared with a whole server', to: 1 },
    series: [
      {
        label: 'two drawn by weight',
        strategy: 'power_of_two',
        points: results.across('drawn', PAIR, parseFloat).filter(({ x }) => x > 0),
      },
    ],
    marks: [{ y: 0.5, label: 'its weight' }],
  }),
  findings: (results): Finding[] => [
    ...SIZES.map((size) => ({
      says: `Of ${size} servers, one of half the weight is drawn so often compared with a whole one`,
      measured: results.values('drawn', PAIR, sized(size)),
      between: [FINAGLE[size] - 0.01, FINAGLE[size] + 0.01] as const,
    })),
    {
      says: 'Drawn one by one, by weight, it gets half',
      measured: results.values('requests', 'random', sized(3)),
      between: [0.49, 0.51],
    },
    {
      says: 'In turns, by weight, it gets half',
      measured: results.values('requests', 'weighted_round_robin', sized(3)),
      between: [0.499, 0.501],
    },
    {
      says: 'Under load, a pair drawn by weight and compared by load takes longer than if load over weight is compared',
      measured: results.difference('mean', [TWICE, BUSY], [PAIR, BUSY]),
      above: 0,
      unit: 'ms',
    },
    {
      says: 'So does power_of_two, which draws evenly and compares load over weight',
      measured: results.difference('mean', ['power_of_two', BUSY], [PAIR, BUSY]),
      above: 0,
      unit: 'ms',
    },
  ],
}

function ratio(counts: readonly number[]): number {
  const others = counts.slice(0, -1)
  const mean = others.reduce((sum, count) => sum + count, 0) / Math.max(1, others.length)
  return others.length === 0 ? 0 : counts[counts.length - 1] / mean
}

export default experiment
