import type { Scenario } from '../../simulator/scenario.ts'

/** Ten servers with eight workers each, an eighth busy; one of them stands still for two seconds of every thirty. */
const scenario: Scenario = {
  name: 'garbage-pause',
  seed: 1,
  duration: 60_000,
  arrivals: { type: 'poisson', rate: 2000 },
  work: { type: 'exponential', mean: 5 },
  servers: [{ count: 10, workers: 8 }],
  strategy: 'least_connections',
  events: [{ at: 15_000, every: 30_000, server: 's1', pause: 2000 }],
}

export default scenario
