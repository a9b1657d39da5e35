import { expect, test } from 'vitest'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { simulate } from '../../simulator/result.ts'
import type { Scenario } from '../../simulator/scenario.ts'

const scenario: Scenario = {
  name: 'sizes',
  seed: 1,
  duration: 40,
  arrivals: { type: 'paced', rate: 100 },
  work: { type: 'recorded', values: [0.4, 7.9, 3, 100] },
  keys: { type: 'size', unit: 0.00000004 },
  servers: [{ count: 2, discipline: 'infinite' }],
  strategy: 'random',
}

/** What keys a strategy is told. */
function keysOf(changed: Scenario): number[] {
  const keys: number[] = []
  let servers: readonly Endpoint[] = []
  simulate(changed, {
    strategy: {
      promise: 'adaptive',
      create: () => ({
        name: 'listening',
        update: (all: readonly Endpoint[]) => void (servers = all),
        pick(key: number) {
          keys.push(key)
          return servers[0]
        },
        settled: () => {},
      }),
    },
  })
  return keys
}

test('a request whose key is its size tells it in units, rounded down, up to the largest number', () => {
  expect(keysOf(scenario)).toEqual([10_000_000, 197_500_000, 75_000_000, 2 ** 31 - 1])
})

test('a unit of nothing is refused by its path', () => {
  const keys = { type: 'size', unit: 0 } as const
  expect(() => simulate({ ...scenario, keys })).toThrow('keys.unit must be above 0, got 0')
})
