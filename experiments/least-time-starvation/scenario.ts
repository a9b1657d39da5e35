import type { Scenario } from '../../simulator/scenario.ts'

/** Five equal servers, 40 % busy; after ten seconds one of them stands still for three, once. */
const scenario: Scenario = {
  name: 'least-time-starvation',
  seed: 1,
  duration: 120_000,
  arrivals: { type: 'poisson', rate: 400 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 5, workers: 2 }],
  strategy: 'peak_ewma',
  events: [{ at: 10_000, server: 's1', pause: 3000 }],
}

export default scenario
