import type { Scenario } from '../../../simulator/scenario.ts'

/** When the seventh server comes; what is measured are the two seconds after. */
export const COMES = 10_000

/** Six servers hold 300 connections, 50 each, for 30 s on average; ten new ones come a second. */
export const coldNewcomer: Scenario = {
  name: 'lesson: cold newcomer',
  seed: 1,
  duration: COMES + 2000,
  warmup: COMES,
  arrivals: {
    type: 'steps',
    steps: [
      { rate: 3000, duration: 100 },
      { rate: 10, duration: 60_000 },
    ],
  },
  work: { type: 'exponential', mean: 30_000 },
  servers: [{ id: 'old', count: 6, discipline: 'infinite' }],
  strategy: 'least_connections',
  events: [{ at: COMES, add: { id: 'new', discipline: 'infinite' } }],
}
