import type { Scenario } from '../../simulator/scenario.ts'

/** Two servers that are twice as fast as two others, two thirds busy. After a minute they change places. */
const scenario: Scenario = {
  name: 'unequal-speeds',
  seed: 1,
  duration: 120_000,
  arrivals: { type: 'poisson', rate: 400 },
  work: { type: 'exponential', mean: 10 },
  servers: [
    { id: 'a', speed: 2, weight: 2 },
    { id: 'b', speed: 2, weight: 2 },
    { id: 'c', speed: 1, weight: 1 },
    { id: 'd', speed: 1, weight: 1 },
  ],
  strategy: 'least_connections',
  events: [
    { at: 60_000, server: ['a', 'b'], set: { speed: 1 } },
    { at: 60_000, server: ['c', 'd'], set: { speed: 2 } },
  ],
}

export default scenario
