import type { Scenario } from '../../../simulator/scenario.ts'

/** Ten servers at 80 % load, each busy for a tenth of a second with a request. */
export const fresh: Scenario = {
  name: 'lesson: stale herd',
  seed: 1,
  duration: 110_000,
  warmup: 10_000,
  arrivals: { type: 'poisson', rate: 80 },
  work: { type: 'exponential', mean: 100 },
  servers: [{ id: 's', count: 10 }],
  strategy: 'least_connections',
}

/** The same, seen as it was at the last look. */
export function aged(every: number): Scenario {
  return { ...fresh, information: { every } }
}
