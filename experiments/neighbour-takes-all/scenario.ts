import type { Scenario } from '../../simulator/scenario.ts'

/** Four servers, 60 % busy. After ten seconds the first is taken out; whoever fails five times in a row is ejected. */
const scenario: Scenario = {
  name: 'neighbour-takes-all',
  seed: 1,
  duration: 60_000,
  warmup: 10_000,
  arrivals: { type: 'poisson', rate: 240 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 4 }],
  strategy: 'round_robin',
  policy: { timeout: 500, ejection: { consecutive: 5, base: 30_000, max: 300_000, share: 1 } },
  events: [{ at: 10_000, server: 's1', operator: { admin: 'maint' } }],
}

export default scenario
