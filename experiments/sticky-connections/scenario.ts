import type { Scenario } from '../../simulator/scenario.ts'

/** A thousand connections; how many requests each sends follows Zipf's law: the busiest sends 13 % of all. Ten servers of eight workers at 60 %. */
const scenario: Scenario = {
  name: 'sticky-connections',
  seed: 1,
  duration: 40_000,
  warmup: 15_000,
  arrivals: { type: 'poisson', rate: 480 },
  work: { type: 'exponential', mean: 100 },
  keys: { type: 'zipf', count: 1000, exponent: 1 },
  servers: [{ count: 10, workers: 8 }],
  strategy: 'power_of_two',
}

export default scenario
