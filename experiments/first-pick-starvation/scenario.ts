import type { Scenario } from '../../simulator/scenario.ts'

/** A thousand heavy servers and a hundred light ones; every 5,000 requests somebody touches the pool. */
const scenario: Scenario = {
  name: 'first-pick-starvation',
  seed: 1,
  duration: 4000,
  arrivals: { type: 'paced', rate: 10_000 },
  work: { type: 'constant', value: 1 },
  servers: [
    { id: 'heavy', count: 1000, weight: 128, discipline: 'infinite' },
    { id: 'light', count: 100, weight: 10, discipline: 'infinite' },
  ],
  strategy: 'edf',
  events: [{ at: 500, every: 500, server: 'heavy1', operator: { weight: 128 } }],
}

export default scenario
