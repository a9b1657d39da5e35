import type { Scenario } from '../../simulator/scenario.ts'

/** Servers that are quick but for one request in a hundred, by bad luck and not because of the request; nobody waits for anybody. */
const scenario: Scenario = {
  name: 'hedging',
  seed: 1,
  duration: 60_000,
  warmup: 10_000,
  arrivals: { type: 'poisson', rate: 1000 },
  work: { type: 'bimodal', fast: 10, slow: 1000, slowShare: 0.01 },
  workOf: 'attempt',
  servers: [{ count: 10, discipline: 'infinite' }],
  strategy: 'power_of_two',
}

export default scenario
