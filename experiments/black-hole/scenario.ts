import type { Scenario } from '../../simulator/scenario.ts'

/** Ten servers, one of which answers everything with an error, a hundred times as fast as the others answer. */
const scenario: Scenario = {
  name: 'black-hole',
  seed: 1,
  duration: 60_000,
  warmup: 40_000,
  arrivals: { type: 'poisson', rate: 400 },
  work: { type: 'exponential', mean: 100 },
  servers: [
    { id: 'good', count: 9, discipline: 'infinite' },
    { id: 'bad', discipline: 'infinite', failure: { rate: 1, after: 1, status: 503 } },
  ],
  strategy: 'least_connections',
}

export default scenario
