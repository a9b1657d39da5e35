import { expect, test } from 'vitest'
import { Memory } from '../../../proxy/core/memory.ts'

test('everything is 0 at first', () => {
  const memory = new Memory(3)
  expect([...memory.ints(2), ...memory.floats(2)]).toEqual([0, 0, 0, 0])
  expect([...memory.intPerSlot(), ...memory.floatPerSlot()]).toEqual([0, 0, 0, 0, 0, 0])
})

test('reset forgets a slot in every array per slot, and nothing else', () => {
  const memory = new Memory(3)
  const perSlot = [memory.intPerSlot(), memory.floatPerSlot(), memory.intPerSlot()]
  const cursor = memory.ints(3).fill(9)
  const pool = memory.floats(3).fill(9)
  for (const array of perSlot) array.fill(7)
  memory.reset(1)
  for (const array of perSlot) expect([...array]).toEqual([7, 0, 7])
  expect([...cursor, ...pool]).toEqual([9, 9, 9, 9, 9, 9])
})

test('every array has a buffer of its own, shared between threads only if asked', () => {
  const plain = new Memory(2)
  expect(plain.intPerSlot().buffer).not.toBe(plain.intPerSlot().buffer)
  expect(plain.floats(1).buffer).toBeInstanceOf(ArrayBuffer)
  const shared = new Memory(2, true)
  expect(shared.intPerSlot().buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(shared.floatPerSlot().buffer).toBeInstanceOf(SharedArrayBuffer)
})
