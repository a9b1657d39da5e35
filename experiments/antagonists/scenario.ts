import type { Scenario } from '../../simulator/scenario.ts'

/**
 * Forty clients that balance by themselves, forty servers of four workers. Each server has a neighbour that takes 70 % of its speed, a quarter of the time, five
 * seconds at a time. A server is meant to do 45 % of what it can alone.
 */
const scenario: Scenario = {
  name: 'antagonists',
  seed: 1,
  duration: 35_000,
  warmup: 15_000,
  arrivals: { type: 'poisson', rate: 720 },
  work: { type: 'exponential', mean: 100 },
  servers: [
    {
      count: 40,
      workers: 4,
      antagonist: {
        speed: 0.3,
        on: { type: 'exponential', mean: 5000 },
        off: { type: 'exponential', mean: 15_000 },
      },
    },
  ],
  proxies: 40,
  strategy: 'prequal',
  network: { type: 'constant', value: 0.5 },
  policy: { timeout: 5000 },
}

export default scenario
