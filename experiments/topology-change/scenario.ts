import type { Scenario } from '../../simulator/scenario.ts'

/** Ten servers that keep the last 3,000 of 20,000 keys, and do what they have kept in a fifth of the time. An eleventh joins for twenty seconds. */
const scenario: Scenario = {
  name: 'topology-change',
  seed: 1,
  duration: 60_000,
  warmup: 20_000,
  arrivals: { type: 'poisson', rate: 2000 },
  work: { type: 'constant', value: 10 },
  keys: { type: 'zipf', count: 20_000, exponent: 0.8 },
  servers: [{ count: 10, workers: 4, cache: { entries: 3000, hit: 0.2 } }],
  strategy: 'ring_hash',
  events: [
    { at: 20_000, add: { id: 'new', workers: 4, cache: { entries: 3000, hit: 0.2 } } },
    { at: 40_000, remove: 'new' },
  ],
}

export default scenario
