import type { Scenario } from '../../simulator/scenario.ts'

/** Times of tens of milliseconds and some hundred requests a second, so that two processors are enough for all parts. */
const COMMON = {
  seed: 1,
  duration: 5000,
  warmup: 500,
  strategy: 'round_robin',
} as const

/** One server that keeps nobody waiting: whatever is not its service is the way there and back. */
export const CALIBRATION: Scenario = {
  ...COMMON,
  name: 'calibration',
  seed: 1000,
  arrivals: { type: 'poisson', rate: 270 },
  work: { type: 'uniform', min: 10, max: 50 },
  servers: [{ discipline: 'infinite' }],
  strategy: 'rendezvous', // One that goes by key, so that the proxy's journal has the keys.
}

/** How long the calibration takes, in milliseconds. */
export const CALIBRATE = 8000

export const SCENARIOS: readonly Scenario[] = [
  {
    ...COMMON,
    name: 'equal',
    arrivals: { type: 'poisson', rate: 300 },
    work: { type: 'exponential', mean: 25 },
    servers: [{ count: 12 }],
  },
  {
    ...COMMON,
    name: 'unequal',
    arrivals: { type: 'poisson', rate: 240 },
    work: { type: 'exponential', mean: 25 },
    servers: [
      { id: 'fast', count: 4, speed: 2, weight: 2 },
      { id: 'slow', count: 4 },
    ],
  },
  {
    // It answers everything with an error, long before the others have an answer.
    ...COMMON,
    name: 'black-hole',
    arrivals: { type: 'poisson', rate: 270 },
    work: { type: 'exponential', mean: 50 },
    servers: [
      { id: 'good', count: 4, discipline: 'infinite' },
      { id: 'bad', discipline: 'infinite', failure: { rate: 1, after: 2, status: 503 } },
    ],
  },
  {
    // A third of its speed is left to one server, for a third of the time.
    ...COMMON,
    name: 'slow-down',
    arrivals: { type: 'poisson', rate: 270 },
    work: { type: 'exponential', mean: 30 },
    servers: [{ count: 8, workers: 2 }],
    events: [
      { at: 2000, server: 's1', set: { speed: 0.35 } },
      { at: 3500, server: 's1', set: { speed: 1 } },
    ],
  },
  {
    // Whoever finds two waiting is turned away.
    ...COMMON,
    name: 'short-queues',
    arrivals: { type: 'poisson', rate: 340 },
    work: { type: 'exponential', mean: 40 },
    servers: [{ count: 8, workers: 2, queue: 2 }],
  },
]

export const STRATEGIES = [
  'round_robin',
  'weighted_round_robin',
  'least_connections',
  'random',
  'power_of_two',
  'peak_ewma',
] as const
