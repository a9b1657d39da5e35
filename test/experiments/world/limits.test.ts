import { expect, test } from 'vitest'
import { notLive } from '../../../experiments/world/limits.ts'
import type { Scenario } from '../../../simulator/scenario.ts'

const possible: Scenario = {
  name: 'possible',
  seed: 1,
  duration: 1000,
  arrivals: { type: 'poisson', rate: 10 },
  work: { type: 'constant', value: 1 },
  servers: [{}],
  strategy: 'prequal',
}
const wave = { speed: 0.5, on: { type: 'constant', value: 1 }, off: { type: 'constant', value: 1 } }

test.for([
  ['proxies', { proxies: 2 }],
  ['information', { information: { every: 10 } }],
  ['network', { network: { type: 'constant', value: 1 } }],
  ['notices', { notices: true }],
  ['workOf', { workOf: 'attempt' }],
  ['duration', { duration: Infinity }],
  ['keys.type', { keys: { type: 'size', unit: 1 } }],
  ['policy.retries.afterTimeout', { policy: { retries: { attempts: 1, afterTimeout: true } } }],
  ['policy.retries.afterAnswers', { policy: { retries: { attempts: 1, afterAnswers: true } } }],
  [
    'policy.retries.backoff',
    { policy: { retries: { attempts: 1, backoff: { base: 1, max: 2 } } } },
  ],
  ['servers[1].antagonist', { servers: [{}, { antagonist: wave }] }],
  ['servers[0].dropsExpired', { servers: [{ dropsExpired: true }] }],
  ['strategy', { strategy: 'least_work' }],
  ['events[0].strategy', { events: [{ at: 1, strategy: 'least_work' }] }],
  [
    'events[1].every',
    {
      events: [
        { at: 1, push: true },
        { at: 1, every: 5, add: {} },
      ],
    },
  ],
] as const)('%s is refused, with its path', ([path, change]) => {
  const lines = notLive({ ...possible, ...change } as Scenario)
  expect(lines).toHaveLength(1)
  expect(lines[0].startsWith(`${path}: `)).toBe(true)
})

test('everything else is possible', () => {
  expect(notLive(possible)).toEqual([])
})
