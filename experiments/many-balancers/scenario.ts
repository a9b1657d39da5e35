import type { Scenario } from '../../simulator/scenario.ts'

/** Five servers with ten workers each, 70 % busy. How many balancers stand in front of them is what the cases change. */
const scenario: Scenario = {
  name: 'many-balancers',
  seed: 1,
  duration: 40_000,
  warmup: 10_000,
  arrivals: { type: 'poisson', rate: 350 },
  work: { type: 'exponential', mean: 100 },
  servers: [{ count: 5, workers: 10 }],
  strategy: 'least_connections',
}

export default scenario
