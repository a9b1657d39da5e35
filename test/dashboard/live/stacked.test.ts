import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stacked } from '../../../dashboard/live/stacked.ts'

test('what has room stands in one row, and what would lie upon another stands in the next', () => {
  expect(stacked([], 28)).toEqual([])
  expect(stacked([0, 28, 100], 28)).toEqual([0, 0, 0])
  expect(stacked([0, 0, 10, 30], 28)).toEqual([0, 1, 2, 0])
})

test('there are four rows, however much happened at once', () => {
  expect(stacked([5, 5, 5, 5, 5, 5], 28)).toEqual([0, 1, 2, 3, 3, 3])
})

test('nothing lies upon another in any order, as long as four rows are enough', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 12 }), (places) => {
      const rows = stacked(places, 28)
      const crowded = places.some((x) => places.filter((y) => y <= x && y > x - 28).length > 4)
      fc.pre(!crowded)
      for (let i = 0; i < places.length; i++) {
        for (let j = 0; j < i; j++) {
          if (rows[i] === rows[j])
            expect(Math.abs(places[i] - places[j])).toBeGreaterThanOrEqual(28)
        }
      }
    }),
  )
})
