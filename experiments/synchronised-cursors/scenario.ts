import type { Scenario } from '../../simulator/scenario.ts'

/** Fifty balancers before five servers of ten workers, 70 % busy. After four seconds all get a new configuration and begin anew. */
const scenario: Scenario = {
  name: 'synchronised-cursors',
  seed: 1,
  duration: 7000,
  warmup: 4000,
  proxies: 50,
  arrivals: { type: 'poisson', rate: 350 },
  work: { type: 'exponential', mean: 100 },
  servers: [{ count: 5, workers: 10 }],
  strategy: 'round_robin',
  events: [{ at: 4000, push: true }],
}

export default scenario
