import { expect, test } from 'vitest'
import { InFlight } from '../../../proxy/core/in-flight.ts'
import { Memory } from '../../../proxy/core/memory.ts'

/** What two threads see of one pool. */
function pair(): [InFlight, InFlight] {
  const buffer = new SharedArrayBuffer(8192)
  const make = (thread: number): InFlight =>
    new InFlight(new Memory(4, { buffer, thread, threads: 2 }))
  return [make(0), make(1)]
}

test('what one thread takes all of them see, and whoever took it gives it back', () => {
  const [one, other] = pair()
  one.take({ slot: 2, max: Infinity })
  other.take({ slot: 2, max: Infinity })
  expect([one.counts[2], other.counts[2]]).toEqual([2, 2])
  other.take({ slot: 2, max: Infinity })
  expect([one.ownAt(2), other.ownAt(2)]).toEqual([1, 2])
  expect(other.giveBack({ slot: 2, max: Infinity })).toBe(1) // Of its own.
  expect(one.giveBack({ slot: 2, max: Infinity })).toBe(0)
  expect(one.counts[2]).toBe(1)
})

test('the last place is given once, and who comes too late has changed nothing', () => {
  const [one, other] = pair()
  expect(one.take({ slot: 0, max: 2 })).toBe(true)
  expect(other.take({ slot: 0, max: 2 })).toBe(true)
  expect(one.take({ slot: 0, max: 2 })).toBe(false)
  expect(one.counts[0]).toBe(2)
  other.forfeit(0)
  expect(one.counts[0]).toBe(1) // Of thread 0 only one was there to be given back.
})

test('everybody can see that a server became full, and that it has room again', () => {
  const [one, other] = pair()
  const before = other.crowding
  one.take({ slot: 1, max: 2 })
  expect(other.crowding).toBe(before)
  one.take({ slot: 1, max: 2 })
  const full = other.crowding
  expect(full).not.toBe(before)
  one.giveBack({ slot: 1, max: 2 })
  expect(other.crowding).not.toBe(full)
})

test('a dead thread’s requests are given back, and nobody else’s', () => {
  const [one, other] = pair()
  for (let i = 0; i < 3; i++) one.take({ slot: 0, max: Infinity })
  one.take({ slot: 3, max: Infinity })
  other.take({ slot: 0, max: Infinity })
  expect(other.forfeit(0)).toBe(4)
  expect([...other.counts]).toEqual([1, 0, 0, 0])
  expect(other.forfeit(0)).toBe(0)
  expect([...other.counts]).toEqual([1, 0, 0, 0])
})

test('what a thread gave back before it died is not given back again, and all can see that there is room', () => {
  const [one, other] = pair()
  for (let i = 0; i < 3; i++) other.take({ slot: 2, max: 3 })
  other.giveBack({ slot: 2, max: 3 })
  const before = one.crowding
  one.forfeit(1)
  expect([...one.counts]).toEqual([0, 0, 0, 0])
  expect(one.crowding).not.toBe(before)
})

test('a slot out of range has no count, and nobody waits for it to have one', () => {
  const alone = new InFlight(new Memory(4))
  expect(alone.take({ slot: -1, max: 2 })).toBe(true)
  expect(alone.take({ slot: 9, max: 2 })).toBe(true)
  expect([...alone.counts]).toEqual([0, 0, 0, 0])
})
