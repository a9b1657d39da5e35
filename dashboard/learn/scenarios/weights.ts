import type { Scenario } from '../../../simulator/scenario.ts'

/** A and B are three times as fast as C. Everything comes and works like clockwork, so that whoever waits does so for the order alone. */
export const weights: Scenario = {
  name: 'lesson: weights',
  seed: 1,
  duration: 62_000,
  warmup: 2000,
  arrivals: { type: 'paced', rate: 56 },
  work: { type: 'constant', value: 100 },
  servers: [
    { id: 'A', speed: 3, weight: 3 },
    { id: 'B', speed: 3, weight: 3 },
    { id: 'C', speed: 1, weight: 1 },
  ],
  strategy: 'weighted_round_robin',
}

/** What a request takes where nobody waits, in ms: of seven, three take 100/3 at A, three at B, and one 100 at C. */
export const NO_WAIT = (3 * (100 / 3) + 3 * (100 / 3) + 100) / 7
