import type { Scenario } from '../../../simulator/scenario.ts'
import type { Preset } from './preset.ts'

/** So slow that every request can be followed, and so few servers that all of them can be seen. */
const BASE = {
  seed: 1,
  duration: 300_000,
  work: { type: 'exponential', mean: 500 },
  strategy: 'round_robin',
} as const satisfies Partial<Scenario>

const at = (rate: number): Scenario['arrivals'] => ({ type: 'poisson', rate })

/** Small ones, made for watching. The first is what the page begins with. */
export const TO_WATCH: readonly Preset[] = [
  {
    title: 'Equal servers',
    watch:
      'Everybody is alike, and chance alone makes queues. Who looks before choosing keeps them short.',
    scenario: { ...BASE, name: 'equal-servers', arrivals: at(10), servers: [{ count: 6 }] },
    strategies: ['round_robin', 'random', 'power_of_two', 'least_connections'],
  },
  {
    title: 'One slow server',
    watch: 'The last one is five times slower. Whoever takes turns drowns it.',
    scenario: {
      ...BASE,
      name: 'one-slow-server',
      arrivals: at(7),
      servers: [{ count: 5 }, { id: 'slow', speed: 0.2 }],
    },
    strategies: ['round_robin', 'least_connections', 'power_of_two', 'peak_ewma'],
  },
  {
    title: 'A server that fails fast',
    watch:
      'The last one answers every request with an error, at once. It is never busy, so whoever looks for the least busy sends it everything.',
    scenario: {
      ...BASE,
      name: 'black-hole-to-watch',
      arrivals: at(14),
      servers: [
        { count: 6, workers: 4 },
        { id: 'broken', workers: 4, failure: { rate: 1, after: 20, status: 503 } },
      ],
    },
    strategies: ['least_connections', 'power_of_two', 'round_robin'],
  },
  {
    title: 'A cold newcomer',
    watch:
      'After 20 s a server comes whose first 30 requests take eight times as long: its code is not warm yet.',
    scenario: {
      ...BASE,
      name: 'cold-newcomer-to-watch',
      duration: 120_000,
      arrivals: at(9),
      servers: [{ count: 6 }],
      events: [{ at: 20_000, add: { id: 'new', cold: { requests: 30, factor: 8 } } }],
    },
    strategies: ['round_robin', 'least_connections', 'power_of_two'],
  },
  {
    title: 'Old news',
    watch:
      'What strategies know of queues is up to 3 s old. All run to whoever was idle then: a herd.',
    scenario: {
      ...BASE,
      name: 'old-news',
      arrivals: at(12),
      servers: [{ count: 8 }],
      information: { every: 3000 },
    },
    strategies: ['least_connections', 'power_of_two', 'random'],
  },
  {
    title: 'Many balancers',
    watch:
      'Twenty proxies, each of which knows only of its own requests. To each nearly everybody looks idle.',
    scenario: {
      ...BASE,
      name: 'many-balancers-to-watch',
      arrivals: at(24),
      servers: [{ count: 6, workers: 3 }],
      proxies: 20,
    },
    strategies: ['least_connections{ties: first}', 'least_connections', 'power_of_two', 'prequal'],
  },
  {
    title: 'A retry storm',
    watch: 'A rush of five seconds, and clients that try again. The rush passes; the storm stays.',
    scenario: {
      ...BASE,
      name: 'retry-storm-to-watch',
      duration: 120_000,
      arrivals: at(5),
      servers: [{ count: 4 }],
      policy: { timeout: 5000, retries: { attempts: 3, afterTimeout: true }, cancels: false },
      events: [
        { at: 15_000, traffic: 4 },
        { at: 25_000, traffic: 1 },
      ],
    },
    strategies: ['round_robin', 'least_connections', 'power_of_two'],
  },
  {
    title: 'Heavy tails',
    watch:
      'Most requests are small, and a few are a thousand times as large. Small ones wait behind them.',
    scenario: {
      ...BASE,
      name: 'heavy-tails-to-watch',
      arrivals: at(7),
      work: { type: 'bounded_pareto', min: 120, max: 120_000, shape: 1.4 },
      servers: [{ count: 6, workers: 1 }],
    },
    strategies: ['random', 'round_robin', 'least_connections', 'least_work'],
  },
  {
    title: 'Weights',
    watch:
      'The first server is worth five others. All of these keep to that; see how evenly they do it.',
    scenario: {
      ...BASE,
      name: 'weights',
      arrivals: at(12),
      servers: [{ id: 'big', speed: 5, weight: 5 }, { id: 'a' }, { id: 'b' }, { id: 'c' }],
    },
    strategies: ['weighted_round_robin', 'edf', 'random', 'power_of_two{draw: weight}'],
  },
]
