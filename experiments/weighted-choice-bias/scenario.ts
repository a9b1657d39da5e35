import type { Scenario } from '../../simulator/scenario.ts'

/** Three servers, the third with half the speed and half the weight. So little to do that hardly anybody is ever busy. */
const scenario: Scenario = {
  name: 'weighted-choice-bias',
  seed: 1,
  duration: 1_000_000,
  arrivals: { type: 'poisson', rate: 20 },
  work: { type: 'exponential', mean: 0.1 },
  servers: [
    { id: 'full', count: 2 },
    { id: 'half', speed: 0.5, weight: 0.5 },
  ],
  strategy: 'power_of_two',
}

export default scenario
