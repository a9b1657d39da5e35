import type { Scenario } from '../../simulator/scenario.ts'

/** Ten servers of eight workers. 30 % of the requests are about one key, the others about 10,000 by Zipf's law. */
const scenario: Scenario = {
  name: 'hot-key',
  seed: 1,
  duration: 30_000,
  warmup: 10_000,
  arrivals: { type: 'poisson', rate: 300 },
  work: { type: 'exponential', mean: 80 },
  keys: { type: 'zipf', count: 10_000, exponent: 1.1, hottest: 0.3 },
  servers: [{ count: 10, workers: 8 }],
  strategy: 'ring_hash',
}

export default scenario
