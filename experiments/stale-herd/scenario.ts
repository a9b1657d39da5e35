import type { Scenario } from '../../simulator/scenario.ts'

/** Ten servers at 80 % load. How old the news are on which strategies choose is what the cases change. */
const scenario: Scenario = {
  name: 'stale-herd',
  seed: 1,
  duration: 1_100_000,
  warmup: 100_000,
  arrivals: { type: 'poisson', rate: 8 },
  work: { type: 'exponential', mean: 1000 },
  servers: [{ count: 10 }],
  strategy: 'power_of_two',
  information: { every: 4000 },
}

export default scenario
