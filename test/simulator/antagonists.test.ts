import { expect, test } from 'vitest'
import { clientsOf, plain, told } from './story.ts'

const antagonist = {
  speed: 0.5,
  on: { type: 'constant', value: 20 },
  off: { type: 'constant', value: 10 },
} as const

test('a neighbour is quiet at first, then takes his part of the speed, and leaves it alone again', () => {
  // Quiet to 10, at work to 30, quiet to 40.
  expect(clientsOf(told(plain([0, 5, 20], { servers: [{ antagonist }] })))).toEqual([
    '10: client ok in 10, attempts 1',
    '30: client ok in 25, attempts 1',
    '40: client ok in 20, attempts 1',
  ])
})

test('he takes it of the speed that the server has', () => {
  const events = [{ at: 10, server: 's1', set: { speed: 2 } }] as const
  expect(clientsOf(told(plain([0, 5], { servers: [{ antagonist }], events })))).toEqual([
    '10: client ok in 10, attempts 1',
    '20: client ok in 15, attempts 1',
  ])
})

test('each server has a neighbour of its own, whose moods depend on the seed', () => {
  const moody = { ...antagonist, on: { type: 'exponential', mean: 20 } } as const
  const of = (seed: number): string[] =>
    clientsOf(
      told(
        plain([5, 5], { seed, servers: [{ count: 2, antagonist: { ...moody, off: moody.on } }] }),
      ),
    )
  expect(of(1)).toEqual(of(1))
  const stories = Array.from({ length: 10 }, (_, seed) => of(seed))
  expect(new Set(stories.map(String)).size).toBeGreaterThan(5)
  // With one neighbour for both, both requests would end at the same time.
  expect(stories.filter(([one, other]) => one !== other).length).toBeGreaterThan(5)
})

test('a run does not end while he holds up a request', () => {
  const still = { ...antagonist, speed: 0, on: { type: 'constant', value: 1000 } } as const
  const scenario = plain([5], { duration: 20, servers: [{ antagonist: still }] })
  expect(clientsOf(told(scenario))).toEqual(['1015: client ok in 1010, attempts 1'])
})
