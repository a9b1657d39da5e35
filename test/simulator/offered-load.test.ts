import { describe, expect, test } from 'vitest'
import { offeredLoad, settles } from '../../simulator/offered-load.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { plain } from './story.ts'

function load(more: Partial<Scenario>): Scenario {
  return plain([], { arrivals: { type: 'poisson', rate: 100 }, duration: 1000, ...more })
}

describe('the load that is offered', () => {
  test.each<[number | undefined, Partial<Scenario>]>([
    [1, {}], // 100 a second, 10 ms each.
    [0.25, { servers: [{ count: 2, workers: 2 }] }],
    [0.5, { servers: [{ speed: 2 }] }],
    [0.4, { servers: [{ workers: 2 }, { speed: 0.5 }] }],
    [2, { work: { type: 'exponential', mean: 20 } }],
    [0.4, { arrivals: { type: 'trace', times: [0, 10, 20, 50] }, duration: 100 }],
    [0.8, { arrivals: { type: 'trace', times: [0, 10, 20, 50] }, duration: Infinity }],
    [Infinity, { servers: [{ speed: 0 }] }],
    [undefined, { servers: [{ discipline: 'infinite' }] }],
    [undefined, { arrivals: { type: 'closed', users: 9, think: { type: 'constant', value: 1 } } }],
  ])('is %s for %j', (expected, more) => {
    if (expected === undefined) expect(offeredLoad(load(more))).toBeUndefined()
    else expect(offeredLoad(load(more))).toBeCloseTo(expected, 12)
  })

  test('counts what a noisy neighbour leaves', () => {
    const on = { type: 'constant', value: 100 } as const
    const antagonist = { speed: 0.5, on, off: { type: 'exponential', mean: 300 } } as const
    expect(offeredLoad(load({ servers: [{ antagonist }] }))).toBeCloseTo(1 / 0.875, 12)
  })
})

test('queues settle below 1, and above it where somebody is turned away or gives up', () => {
  expect(settles(load({ servers: [{ workers: 2 }] }))).toBe(true)
  expect(settles(load({}))).toBe(false)
  expect(settles(load({ servers: [{ queue: 3 }] }))).toBe(true)
  expect(settles(load({ policy: { timeout: 100 } }))).toBe(true)
  expect(settles(load({ policy: { total: 100 } }))).toBe(true)
  expect(settles(load({ servers: [{ speed: 0.1, queue: 3 }, { speed: 0.1 }] }))).toBe(false)
})
