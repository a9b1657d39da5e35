import { describe, expect, test } from 'vitest'
import { Memory } from '../../../proxy/core/memory.ts'

test('everything is 0 at first', () => {
  const memory = new Memory(3)
  expect([...memory.ints(2), ...memory.floats(2)]).toEqual([0, 0, 0, 0])
  expect([...memory.intPerSlot(), ...memory.floatPerSlot()]).toEqual([0, 0, 0, 0, 0, 0])
})

test('a claim forgets a slot in every array per slot, and nothing else', () => {
  const memory = new Memory(3)
  const perSlot = [memory.intPerSlot(), memory.floatPerSlot(), memory.intPerSlot()]
  const cursor = memory.ints(3).fill(9)
  const pool = memory.floats(3).fill(9)
  for (const array of perSlot) array.fill(7)
  memory.claim(1)
  for (const array of perSlot) expect([...array]).toEqual([7, 0, 7])
  expect([...cursor, ...pool]).toEqual([9, 9, 9, 9, 9, 9])
})

test('every array has a buffer of its own, shared between threads only if asked', () => {
  const plain = new Memory(2)
  expect(plain.intPerSlot().buffer).not.toBe(plain.intPerSlot().buffer)
  expect(plain.floats(1).buffer).toBeInstanceOf(ArrayBuffer)
  expect(plain.shared).toBe(false)
})

describe('over a shared buffer', () => {
  function pair(bytes = 8192): [Memory, Memory] {
    const buffer = new SharedArrayBuffer(bytes)
    const make = (thread: number): Memory => new Memory(4, { buffer, thread, threads: 2 })
    return [make(0), make(1)]
  }

  test('whoever asks for the same arrays in the same order gets the same numbers', () => {
    const [one, other] = pair()
    const mine = [one.ints(3), one.floatPerSlot(), one.floats(1), one.intPerSlot()]
    const theirs = [other.ints(3), other.floatPerSlot(), other.floats(1), other.intPerSlot()]
    mine.forEach((array, i) => array.fill(i + 1))
    theirs.forEach((array, i) => expect([...array]).toEqual([...array].map(() => i + 1)))
    expect(one.ownFloatPerSlot().buffer).toBeInstanceOf(ArrayBuffer)
  })

  test('two arrays never share a cache line, and none overlaps another', () => {
    const [memory] = pair()
    const arrays = [memory.ints(1), memory.floats(3), memory.intPerSlot(), memory.ints(17)]
    const starts = arrays.map((array) => array.byteOffset)
    expect(starts.every((start) => start % 64 === 0)).toBe(true)
    arrays.slice(1).forEach((array, i) => {
      expect(array.byteOffset).toBeGreaterThanOrEqual(starts[i] + arrays[i].byteLength)
    })
  })

  test('a slot is cleared by the first that claims it for a new server, and by nobody who joins later', () => {
    const [one, other] = pair()
    const [a, b] = [one.intPerSlot(), other.intPerSlot()]
    const own = other.ownFloatPerSlot()
    a[2] = 7
    own[2] = 7
    one.claim(2)
    expect(b[2]).toBe(0)
    a[2] = 5
    other.claim(2)
    expect([b[2], own[2]]).toEqual([5, 0])
  })

  test('a slot is vacant when the last thread has left it, and only then cleared for another server', () => {
    const [one, other] = pair()
    const a = one.intPerSlot()
    other.intPerSlot()
    one.claim(2)
    other.claim(2)
    a[2] = 5
    one.release(2)
    expect([one.has(2), one.vacant(2), other.has(2)]).toEqual([false, false, true])
    one.claim(2)
    expect(a[2]).toBe(5)
    one.release(2)
    other.release(2)
    expect(one.vacant(2)).toBe(true)
    other.claim(2)
    expect(a[2]).toBe(0)
  })

  test('what a thread that died had claimed and locked is free', () => {
    const [one, other] = pair()
    other.claim(3)
    other.lock.enter()
    one.forfeit(1)
    expect(one.vacant(3)).toBe(true)
    one.lock.enter()
    one.lock.leave()
  })

  test('has to be as large as one without a buffer says', () => {
    const sizing = new Memory(4, { buffer: undefined, thread: 0, threads: 2 })
    sizing.intPerSlot()
    sizing.floats(9)
    expect(sizing.shared).toBe(false)
    const make = (bytes: number): void => {
      const buffer = new SharedArrayBuffer(bytes)
      const memory = new Memory(4, { buffer, thread: 1, threads: 2 })
      memory.intPerSlot()
      memory.floats(9)
    }
    make(sizing.bytes)
    expect(() => make(sizing.bytes - 1)).toThrow('used up')
  })

  test('adding and swapping are seen by all', () => {
    const [one, other] = pair()
    const [a, b] = [one.ints(2), other.ints(2)]
    expect([one.add(a, 1, 3), other.add(b, 1, -1), a[1]]).toEqual([3, 2, 2])
    expect([one.swap(a, 1, 3, 9), other.swap(b, 1, 2, 9), a[1]]).toEqual([false, true, 9])
  })

  test('that is too small says so', () => {
    expect(() => pair(64)).toThrow('the shared memory of 64 bytes is used up')
  })

  test('the lock of a thread that died inside is opened, and of no other', () => {
    const [one, other] = pair()
    one.lock.enter()
    expect(other.lock.free(1)).toBe(false)
    expect(other.lock.free(0)).toBe(true)
    other.lock.enter()
    other.lock.leave()
  })
})

test('a number of one thread is added to and swapped without ceremony', () => {
  const memory = new Memory(2)
  const array = memory.ints(1)
  expect([memory.add(array, 0, 3), memory.add(array, 0, -1)]).toEqual([3, 2])
  expect([memory.swap(array, 0, 3, 9), memory.swap(array, 0, 2, 9), array[0]]).toEqual([
    false,
    true,
    9,
  ])
  memory.lock.enter()
  memory.lock.enter() // There is nobody to keep away.
})

test('what was asked for during one thing can be let go together', () => {
  const memory = new Memory(2)
  const kept = memory.intPerSlot()
  const { made, arrays } = memory.collect(() => [memory.intPerSlot(), memory.ownFloatPerSlot()])
  const clear = (): number[] => {
    for (const array of [kept, ...made]) array[1] = 7
    memory.release(1)
    memory.claim(1)
    return [kept, ...made].map((array) => array[1])
  }
  expect(clear()).toEqual([0, 0, 0])
  memory.forget(arrays)
  expect(clear()).toEqual([0, 7, 7])
})

test('what was asked for by what then failed is let go at once', () => {
  const memory = new Memory(2)
  let array: Int32Array = new Int32Array(2)
  const failing = (): never => {
    array = memory.intPerSlot()
    throw new Error('no')
  }
  expect(() => memory.collect(failing)).toThrow('no')
  array[0] = 7
  memory.claim(0)
  expect(array[0]).toBe(7)
})
