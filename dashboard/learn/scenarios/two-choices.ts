import type { Scenario } from '../../../simulator/scenario.ts'

/** Twenty servers with a queue each, at 90 % load: the experiment's hundred, but few enough to be seen. */
export const twoChoices: Scenario = {
  name: 'lesson: power of two',
  seed: 1,
  duration: 17_000,
  warmup: 5000,
  arrivals: { type: 'poisson', rate: 1800 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ id: 's', count: 20 }],
  strategy: 'power_of_two',
}
