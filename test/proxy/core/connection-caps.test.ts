import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AddressCounts } from '../../../proxy/core/address-counts.ts'
import { ConnectionCaps } from '../../../proxy/core/connection-caps.ts'
import { Memory } from '../../../proxy/core/memory.ts'

const THREADS = 3

/** One of each thread, over the memory of all. */
function inThreads<T>(make: (memory: Memory) => T): T[] {
  const buffer = new SharedArrayBuffer(1 << 16)
  return Array.from({ length: THREADS }, (_, thread) =>
    make(new Memory(4, { buffer, thread, threads: THREADS })),
  )
}

const thread = fc.nat(THREADS - 1)

describe('proxy-behaviour 1, limits: connections of all threads', () => {
  test('are never more than there may be, and never counted wrong, whoever comes, leaves and dies', () => {
    const step = fc.record({ thread, what: fc.constantFrom('enter', 'enter', 'leave', 'die') })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step), (most, steps) => {
        const caps = inThreads((memory) => new ConnectionCaps(memory, most))
        const open = caps.map(() => 0)
        const sum = (): number => open.reduce((a, b) => a + b)
        for (const { thread, what } of steps) {
          if (what === 'enter') {
            const room = sum() < most
            expect(caps[thread].enter()).toBe(room)
            if (room) open[thread]++
          } else if (what === 'leave' && open[thread] > 0) {
            caps[thread].leave()
            open[thread]--
          } else if (what === 'die') {
            expect(caps[(thread + 1) % THREADS].forfeit(thread)).toBe(open[thread])
            open[thread] = 0
          }
          expect(caps.map((each) => each.open)).toEqual(caps.map(sum))
        }
      }),
    )
  })

  test('have no limit where none is set', () => {
    const caps = new ConnectionCaps(new Memory(), Infinity)
    for (let i = 0; i < 1000; i++) expect(caps.enter()).toBe(true)
    expect(caps.open).toBe(1000)
  })
})

describe('proxy-behaviour 1, limits: connections of one address', () => {
  test('are never more than its share, and do not count against others', () => {
    const address = fc.tuple(fc.constantFrom(0, -5), fc.nat(3))
    const step = fc.record({
      thread,
      address,
      what: fc.constantFrom('enter', 'enter', 'leave', 'die'),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step), (most, steps) => {
        const counts = inThreads((memory) => new AddressCounts(memory, most, 64))
        let held: { thread: number; key: string; place: number }[] = []
        for (const { address, thread, what } of steps) {
          const key = String(address)
          const own = held.filter((each) => each.key === key)
          if (what === 'enter') {
            const place = counts[thread].enter(...address)
            expect(place === undefined).toBe(own.length >= most)
            if (place !== undefined) held.push({ thread, key, place })
          } else if (what === 'leave') {
            const going = own.find((each) => each.thread === thread)
            if (going !== undefined) counts[thread].leave(going.place)
            held = held.filter((each) => each !== going)
          } else {
            counts[(thread + 1) % THREADS].forfeit(thread)
            held = held.filter((each) => each.thread !== thread)
          }
          const left = held.filter((each) => each.key === key).length
          expect(counts.map((each) => each.countOf(...address))).toEqual(counts.map(() => left))
        }
      }),
    )
  })

  test('find room again and again, however many addresses come and go', () => {
    const counts = new AddressCounts(new Memory(), 1, 16)
    for (let low = 0; low < 10_000; low++) {
      const place = counts.enter(0, low)
      expect(counts.countOf(0, low)).toBe(1)
      counts.leave(place!)
      expect(counts.countOf(0, low)).toBe(0)
    }
  })

  test('are let in uncounted where the table has no place left: others are no reason to refuse somebody', () => {
    const counts = new AddressCounts(new Memory(), 1, 1)
    const places = Array.from({ length: 100 }, (_, low) => counts.enter(1, low)!)
    expect(places.every((place) => place !== undefined)).toBe(true)
    expect(places.filter((place) => place >= 0)).toHaveLength(32)
    for (const place of places) counts.leave(place)
    expect(counts.countOf(1, 0)).toBe(0)
  })
})
