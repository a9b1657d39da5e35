import { expect, test } from 'vitest'
import { places, slotsOf, weightsOf } from '../../../proxy/core/by-place.ts'
import { Pool } from '../strategies/pool.ts'

test('slots, weights and places come in the order of the list', () => {
  const [a, b, c] = new Pool([1, 0.5, 3]).servers
  expect(slotsOf([c, a, b])).toEqual(Int32Array.of(2, 0, 1))
  expect(weightsOf([c, a, b])).toEqual(Float64Array.of(3, 1, 0.5))
  expect(places(3)).toEqual(Int32Array.of(0, 1, 2))
  expect([slotsOf([]), weightsOf([]), places(0)].map(({ length }) => length)).toEqual([0, 0, 0])
})
