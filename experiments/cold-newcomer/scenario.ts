import type { Scenario } from '../../simulator/scenario.ts'

/** Ten servers with 5000 connections that last 50 s on average, 100 new ones a second; after ten seconds an eleventh server comes. */
const scenario: Scenario = {
  name: 'cold-newcomer',
  seed: 1,
  duration: 40_000,
  arrivals: {
    type: 'steps',
    steps: [
      { rate: 5000, duration: 1000 },
      { rate: 100, duration: 39_000 },
    ],
  },
  work: { type: 'exponential', mean: 50_000 },
  servers: [{ count: 10, discipline: 'infinite' }],
  strategy: 'least_connections',
  events: [{ at: 10_000, add: { id: 'new', discipline: 'infinite' } }],
}

export default scenario
