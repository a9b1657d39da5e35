import { expect, test } from 'vitest'
import type { Scenario } from '../../simulator/scenario.ts'
import { begin, clientsOf, plain, told } from './story.ts'

const think = { type: 'constant', value: 5 } as const

function users(count: number, more: Partial<Scenario> = {}): Scenario {
  const arrivals = { type: 'closed', users: count, think } as const
  return plain([], { arrivals, duration: 40, ...more })
}

test('a closed user thinks, asks, waits for the answer, and thinks again', () => {
  expect(clientsOf(told(users(1)))).toEqual([
    '15: client ok in 10, attempts 1',
    '30: client ok in 10, attempts 1',
    '45: client ok in 10, attempts 1',
  ])
})

test('two wait for each other: the more they wait, the less they ask', () => {
  expect(clientsOf(told(users(2)))).toEqual([
    '15: client ok in 10, attempts 1',
    '25: client ok in 20, attempts 1', // Asked at 5. The first asks again at 20, the second at 30.
    '35: client ok in 15, attempts 1',
    '45: client ok in 15, attempts 1',
  ])
})

test('a user who is turned away thinks again, too', () => {
  const lines = clientsOf(
    told(users(1, { duration: 16, servers: [{ failure: { rate: 1, after: 0 } }] })),
  )
  expect(lines).toEqual([
    '5: client error in 0, attempts 1',
    '10: client error in 0, attempts 1',
    '15: client error in 0, attempts 1',
  ])
})

test('an open process does not wait: it asks on whatever becomes of those before', () => {
  const arrivals = { type: 'paced', rate: 200 } as const
  expect(clientsOf(told(plain([], { arrivals, duration: 15 })))).toEqual([
    '10: client ok in 10, attempts 1',
    '20: client ok in 15, attempts 1',
    '30: client ok in 20, attempts 1',
  ])
})

test('what came has ended or is under way', () => {
  const { simulation } = begin(plain([0, 1, 2, 50], { servers: [{ queue: 1 }] }))
  simulation.run(12)
  const { endings, generated, underWay } = simulation.clients
  expect({ ...endings, generated, underWay }).toMatchObject({
    generated: 3,
    underWay: 1,
    ok: 1,
    error: 1,
  })
})

test('different strategies meet the same requests, also where they answer at different times', () => {
  const works = (scenario: Scenario): number[] => {
    const { simulation } = begin(scenario)
    simulation.run()
    return simulation.stations.map(({ occupancy }) => occupancy.busy)
  }
  const work = { type: 'empirical', values: [1, 2, 4, 8] } as const
  const times = Array.from({ length: 100 }, (_, i) => 3 * i)
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
  const one = works(plain(times, { work, servers: [{}] }))
  expect(sum(works(plain(times, { work, servers: [{ count: 3, workers: 2 }] })))).toBe(sum(one))
})
