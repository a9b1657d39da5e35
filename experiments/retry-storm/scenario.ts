import type { Scenario } from '../../simulator/scenario.ts'
import { surge } from './surge.ts'

/**
 * One server that does a request in 10 ms on average, 100 a second at most. Clients wait for 100 ms and try again up to three times; nobody tells the server
 * that they have given up. After ten seconds there is a surge of one second.
 */
const scenario: Scenario = {
  name: 'retry-storm',
  seed: 1,
  duration: 60_000,
  warmup: 30_000,
  arrivals: surge(40),
  work: { type: 'exponential', mean: 10 },
  servers: [{}],
  strategy: 'round_robin',
  policy: { timeout: 100, retries: { attempts: 3, afterTimeout: true }, cancels: false },
}

export default scenario
