import { expect, test } from 'vitest'
import { tooShort } from '../../../simulator/study/too-short.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

/** Relaxation: 1 / (1 - 0.9)^2 = 100 services of 20 ms. */
const SCENARIO: Scenario = {
  name: 'test',
  seed: 1,
  duration: 19_000,
  arrivals: { type: 'poisson', rate: 81 },
  work: { type: 'exponential', mean: 10 },
  servers: [{ count: 2, speed: 0.5 }],
  strategy: 'random',
}

test('a run must be ten times as long as servers need to come nearer to their level', () => {
  expect(tooShort(SCENARIO, 'steady')).toBe(
    '19 s may be too short: at a load of 0.81 servers that start empty need about 20 s until a mean is right to 10 %, ' +
      'and no interval shows that. Give a longer --duration',
  )
  expect(tooShort({ ...SCENARIO, duration: 20_001 }, 'steady')).toBeUndefined()
  // What is left of the beginning counts.
  expect(tooShort({ ...SCENARIO, warmup: 2000 }, 'steady')).toBeUndefined()
})

test('nothing is said where there is no level to come to', () => {
  expect(tooShort(SCENARIO, 'varying')).toBeUndefined()
  const much = { ...SCENARIO, arrivals: { type: 'poisson', rate: 200 } } as const
  expect(tooShort(much, 'steady')).toBeUndefined()
})
