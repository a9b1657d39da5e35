import { expect, test } from 'vitest'
import { Membership } from '../../simulator/membership.ts'

test('a weight is averaged over the time that is measured, and what was before does not count', () => {
  const membership = new Membership(0, 8)
  membership.setWeight(50, 1)
  membership.restart(100)
  expect(membership.weightOf(100, 200)).toBe(1)
  membership.setWeight(150, 3)
  expect(membership.weightOf(100, 200)).toBe(2)
  expect(membership.spanOf(100, 200)).toBe(100)
})

test('who was not there from the beginning to the end was due nothing meanwhile', () => {
  const membership = new Membership(120, 2)
  expect(membership.weightOf(100, 200)).toBe(1.6)
  membership.leave(170)
  membership.leave(190)
  expect(membership.weightOf(100, 200)).toBe(1)
  expect(membership.spanOf(100, 200)).toBe(50)
  expect(membership.spanOf(0, 110)).toBe(0)
})

test('a weight that nobody changes is that weight, to the last bit', () => {
  const membership = new Membership(0, 0.1)
  membership.restart(0.3)
  expect(membership.weightOf(0.3, 1.1)).toBe(0.1)
})
