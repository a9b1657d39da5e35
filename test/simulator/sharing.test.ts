import { expect, test } from 'vitest'
import type { ServerSpec } from '../../simulator/scenario.ts'
import { clientsOf, plain, told } from './story.ts'

const SHARED: ServerSpec = { discipline: 'sharing' }

test('one alone is served at full speed', () => {
  expect(told(plain([0, 20], { servers: [SHARED] }))).toEqual([
    '10: s1 ok in 10',
    '10: client ok in 10, attempts 1',
    '30: s1 ok in 10',
    '30: client ok in 10, attempts 1',
  ])
})

test('two share: the first gets half the speed from when the second comes, and the second all of it when the first has gone', () => {
  // At 4 the first has 6 left, which takes 12; then the second has had 6 of its 10.
  expect(clientsOf(told(plain([0, 4], { servers: [SHARED] })))).toEqual([
    '16: client ok in 16, attempts 1',
    '20: client ok in 16, attempts 1',
  ])
})

test('three that come together leave together, in the order in which they came', () => {
  expect(clientsOf(told(plain([0, 0, 0], { servers: [SHARED] })))).toEqual([
    '30: client ok in 30, attempts 1',
    '30: client ok in 30, attempts 1',
    '30: client ok in 30, attempts 1',
  ])
})

test('no more than workers are there are slowed down: two workers serve two at full speed, and four at half of it', () => {
  const servers = [{ ...SHARED, workers: 2 }]
  expect(clientsOf(told(plain([0, 0], { servers })))).toEqual([
    '10: client ok in 10, attempts 1',
    '10: client ok in 10, attempts 1',
  ])
  expect(clientsOf(told(plain([0, 0, 0, 0], { servers }))).at(-1)).toBe(
    '20: client ok in 20, attempts 1',
  )
})

test('a speed of 2 halves all times', () => {
  expect(clientsOf(told(plain([0, 2], { servers: [{ ...SHARED, speed: 2 }] })))).toEqual([
    '8: client ok in 8, attempts 1',
    '10: client ok in 8, attempts 1',
  ])
})

test('a queue bound is the number that may share beyond the workers; one more is turned away', () => {
  expect(clientsOf(told(plain([0, 0, 1], { servers: [{ ...SHARED, queue: 1 }] })))).toEqual([
    '1: client error in 0, attempts 1',
    '20: client ok in 20, attempts 1',
    '20: client ok in 20, attempts 1',
  ])
})

test('who is given up makes room: the others go on alone, and nothing is heard of him again', () => {
  // At 12 the first has had 4 + 8/2 = 8 of its 10, and leaves; the second has had 4, and would be done at 18.
  const scenario = plain([0, 4], { servers: [SHARED], policy: { timeout: 12 } })
  expect(told(scenario)).toEqual([
    '12: s1 timeout in 12',
    '12: client timeout in 12, attempts 1',
    '16: s1 timeout in 12',
    '16: client timeout in 12, attempts 1',
  ])
  // At 15 the first has had 9.5 of 10. Had it stayed, it would have been done next; the second has had 5.5 and 4.5 to go.
  expect(told({ ...scenario, policy: { timeout: 15.75 } })).toEqual([
    '15.75: s1 timeout in 15.75',
    '15.75: client timeout in 15.75, attempts 1',
    '19.75: s1 timeout in 15.75',
    '19.75: client timeout in 15.75, attempts 1',
  ])
  // And a third that comes when nobody else is left.
  expect(told(plain([0, 8, 30], { servers: [SHARED], policy: { timeout: 11.5 } }))).toEqual([
    '11.5: s1 timeout in 11.5',
    '11.5: client timeout in 11.5, attempts 1',
    '19.5: s1 timeout in 11.5',
    '19.5: client timeout in 11.5, attempts 1',
    '40: s1 ok in 10',
    '40: client ok in 10, attempts 1',
  ])
})
