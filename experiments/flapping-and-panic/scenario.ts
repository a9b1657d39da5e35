import type { Scenario } from '../../simulator/scenario.ts'

/** Ten servers at 40 %, whose health is checked every second. After five seconds some of them are gone. */
const scenario: Scenario = {
  name: 'flapping-and-panic',
  seed: 1,
  duration: 50_000,
  warmup: 20_000,
  arrivals: { type: 'poisson', rate: 400 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 10 }],
  strategy: 'round_robin',
  policy: { timeout: 1000, checks: { interval: 1000, timeout: 500, fall: 2, rise: 2 } },
}

export default scenario
