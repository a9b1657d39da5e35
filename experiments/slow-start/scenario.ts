import type { Scenario } from '../../simulator/scenario.ts'

/** Ten servers at 70 %. After ten seconds an eleventh comes, whose first hundred requests take ten times as long: its code is not compiled yet. */
const scenario: Scenario = {
  name: 'slow-start',
  seed: 1,
  duration: 100_000,
  warmup: 10_000,
  arrivals: { type: 'poisson', rate: 700 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 10 }],
  strategy: 'weighted_round_robin',
  events: [{ at: 10_000, add: { id: 'new', cold: { requests: 100, factor: 10 } } }],
}

export default scenario
