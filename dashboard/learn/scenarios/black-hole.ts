import type { Scenario } from '../../../simulator/scenario.ts'

/** As the experiment has it, but shorter: nine good servers, and one that answers everything at once, with an error. */
export const blackHole: Scenario = {
  name: 'lesson: black hole',
  seed: 1,
  duration: 14_000,
  warmup: 4000,
  arrivals: { type: 'poisson', rate: 400 },
  work: { type: 'exponential', mean: 100 },
  servers: [
    { id: 'ok', count: 9, discipline: 'infinite' },
    { id: 'bad', discipline: 'infinite', failure: { rate: 1, after: 1, status: 503 } },
  ],
  strategy: 'least_connections',
}
