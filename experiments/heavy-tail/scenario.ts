import type { Scenario } from '../../simulator/scenario.ts'

/** Four servers at 70 %. Half of the requests take less than 1.6 ms, one in 100,000 more than 2 s, and one in a hundred does a fifth of the work. */
const scenario: Scenario = {
  name: 'heavy-tail',
  seed: 1,
  duration: 220_000,
  warmup: 20_000,
  arrivals: { type: 'poisson', rate: 942.76 },
  work: { type: 'bounded_pareto', min: 1, max: 10_000, shape: 1.5 },
  keys: { type: 'size', unit: 0.001 },
  servers: [{ count: 4 }],
  strategy: 'random',
}

export default scenario
