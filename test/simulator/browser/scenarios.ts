import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import type { ArrivalSpec } from '../../../simulator/arrivals.ts'
import type { DistributionSpec } from '../../../simulator/distributions.ts'
import type { Discipline, Scenario } from '../../../simulator/scenario.ts'

const WORK: DistributionSpec = { type: 'exponential', mean: 10 }

/** About 2,500 requests at four servers that are busy for three quarters of their time. */
function scenario(name: string, changes: Partial<Scenario> = {}): Scenario {
  return {
    name,
    seed: 7,
    duration: 8000,
    warmup: 500,
    arrivals: { type: 'poisson', rate: 300 },
    work: WORK,
    servers: [{ count: 4 }],
    strategy: 'power_of_two',
    ...changes,
  }
}

const ARRIVALS: readonly ArrivalSpec[] = [
  { type: 'poisson', rate: 300 },
  { type: 'paced', rate: 300 },
  { type: 'bursts', calm: { rate: 150, mean: 300 }, burst: { rate: 700, mean: 90 } },
  {
    type: 'steps',
    repeat: true,
    steps: [
      { rate: 100, duration: 700 },
      { rate: 500, duration: 333 },
    ],
  },
  { type: 'ramp', from: 50, to: 450, duration: 7000 },
  { type: 'diurnal', mean: 280, swing: 0.9, period: 3000 },
  {
    type: 'trace',
    times: Array.from({ length: 2500 }, (_, i) => i * 3.1 + (i % 7) / 3),
    speed: 1.1,
  },
  { type: 'closed', users: 40, think: { type: 'lognormal', mean: 100, cv: 2 } },
]

const DISTRIBUTIONS: readonly DistributionSpec[] = [
  { type: 'constant', value: 9.7 },
  { type: 'uniform', min: 1, max: 18 },
  WORK,
  { type: 'erlang', mean: 10, stages: 23 },
  { type: 'lognormal', mean: 10, cv: 1.7 },
  { type: 'hyperexponential', mean: 10, cv: 3 },
  { type: 'bounded_pareto', min: 2, max: 5000, shape: 1.3 },
  { type: 'weibull', mean: 10, shape: 0.6 },
  { type: 'bimodal', fast: 5, slow: 80, slowShare: 0.06 },
  { type: 'empirical', values: [3, 8, 30.3], weights: [5, 4, 1] },
]

const DISCIPLINES: readonly Discipline[] = ['fifo', 'lifo', 'sharing', 'infinite']

const STRATEGY_SCENARIOS = STRATEGIES.map(({ name }) =>
  scenario(`strategy ${name}`, {
    strategy: name,
    keys: { type: 'zipf', count: 500, exponent: 0.9 },
    servers: [{ count: 2, weight: 2, speed: 1.5 }, { weight: 3 }, { failure: { rate: 0.03 } }],
  }),
)

const POLICIES = scenario('every policy at once', {
  proxies: 2,
  strategy: 'least_connections',
  servers: [
    { count: 2, max: 4, failure: { rate: 0.08, after: 2 } },
    { max: 4, failure: { rate: 0.5 }, dropsExpired: true },
    { count: 2, max: 4 },
    { backup: true, max: 2 },
  ],
  policy: {
    timeout: 80,
    total: 200,
    retries: {
      attempts: 2,
      budget: 0.3,
      minPerSecond: 5,
      afterTimeout: true,
      afterAnswers: true,
      backoff: { base: 3, max: 20 },
    },
    ejection: { consecutive: 4, base: 300, max: 2000, share: 0.5 },
    panic: 0.4,
    slowStart: { duration: 3000, aggression: 1.6, floor: 0.1 },
    checks: { interval: 200, timeout: 100, fall: 2, rise: 2 },
    queue: { length: 20, timeout: 60 },
    hedging: { quantile: 0.9 },
    cancels: false,
  },
  events: [{ at: 2000, every: 2500, server: 's4', restart: 300 }],
})

const EVENTS = scenario('every kind of event', {
  policy: {
    timeout: 300,
    retries: { attempts: 1 },
    checks: { interval: 100, timeout: 50, fall: 2, rise: 2 },
    slowStart: { duration: 2500, aggression: 0.7, floor: 0.2 },
  },
  servers: [
    { count: 3 },
    { cold: { requests: 50, factor: 3 }, queue: 30 },
    {
      workers: 2,
      antagonist: { speed: 0.4, on: WORK, off: { type: 'exponential', mean: 90 } },
    },
  ],
  events: [
    { at: 700, every: 900, server: 's1', pause: 50 },
    { at: 1000, server: 's2', outage: 'refuse' },
    { at: 1600, server: '*', outage: false },
    { at: 1800, server: ['s3'], outage: 'hang' },
    { at: 2100, server: 's3', outage: false },
    { at: 2200, server: 's4', restart: 250 },
    { at: 2500, server: 's1', set: { speed: 0.6, failure: { rate: 0.1 } } },
    { at: 3000, server: 's2', operator: { weight: 3, max: 6 } },
    { at: 3300, server: 's5', operator: { admin: 'drain' } },
    { at: 4000, server: 's5', operator: { admin: 'ready' } },
    { at: 4200, add: { id: 'new', speed: 2 } },
    { at: 5000, strategy: 'peak_ewma' },
    { at: 6000, push: true },
    { at: 6500, remove: 's1' },
  ],
})

/** Everything that a scenario can say, at least once. */
export const SCENARIOS: readonly Scenario[] = [
  ...ARRIVALS.map((arrivals) => scenario(`arrivals ${arrivals.type}`, { arrivals })),
  ...DISTRIBUTIONS.map((work) => scenario(`work ${work.type}`, { work, workOf: 'attempt' })),
  scenario('work as recorded', { work: { type: 'recorded', values: [9, 12.3, 4.56, 20] } }),
  ...DISCIPLINES.map((discipline) =>
    scenario(`discipline ${discipline}`, { servers: [{ count: 2, workers: 2, discipline }] }),
  ),
  ...STRATEGY_SCENARIOS,
  scenario('caches and keys', {
    strategy: 'ring_hash',
    keys: { type: 'zipf', count: 300, exponent: 0.8, hottest: 0.1 },
    servers: [{ count: 4, cache: { entries: 40, hit: 0.2 } }],
  }),
  scenario('keys of a trace', { strategy: 'maglev', keys: { type: 'trace', keys: ['a', 7, 'b'] } }),
  scenario('several proxies, a network, and what was true a moment ago', {
    proxies: 3,
    strategy: 'least_connections',
    network: { type: 'lognormal', mean: 2, cv: 1 },
    information: { every: 37 },
  }),
  scenario('idle servers that say so', { proxies: 3, strategy: 'join_idle_queue', notices: true }),
  scenario('reports over a network', {
    strategy: 'prequal',
    network: { type: 'exponential', mean: 1 },
  }),
  EVENTS,
  POLICIES,
]
