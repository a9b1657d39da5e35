import type { Scenario } from '../../simulator/scenario.ts'

/** The supermarket model: a hundred servers with a queue each, at 90 % load. */
const scenario: Scenario = {
  name: 'two-choices',
  seed: 1,
  duration: 12_000,
  warmup: 5000,
  arrivals: { type: 'poisson', rate: 9000 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 100 }],
  strategy: 'power_of_two',
}

export default scenario
