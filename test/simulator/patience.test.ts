import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EventQueue } from '../../simulator/event-queue.ts'
import { Patience, type Timed } from '../../simulator/patience.ts'

class Waiting implements Timed<Waiting> {
  readonly startedAt: number
  earlier: Waiting | undefined = undefined
  later: Waiting | undefined = undefined
  timed = false

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }
}

/** All who are late by then, in order. */
function late(list: Patience<Waiting>, now: number): number[] {
  const found: number[] = []
  for (let one = list.late(now); one !== undefined; one = list.late(now)) found.push(one.startedAt)
  return found
}

describe('patience', () => {
  test('runs out in the order in which they began, when the time is up and not before', () => {
    const list = new Patience<Waiting>(10, new EventQueue(), 7)
    for (const at of [0, 3, 3, 8]) list.add(new Waiting(at))
    expect(late(list, 9.99)).toEqual([])
    expect(late(list, 10)).toEqual([0])
    expect(late(list, 20)).toEqual([3, 3, 8])
  })

  test('plans one event for all, for the first who may be late, and another when that one has come', () => {
    const queue = new EventQueue()
    const list = new Patience<Waiting>(10, queue, 7)
    const first = new Waiting(0)
    list.add(first)
    list.add(new Waiting(4))
    expect([queue.length, queue.nextAt]).toEqual([1, 10])
    list.remove(first)
    expect(queue.length).toBe(1)
    expect(queue.take()).toBe(7)
    expect(late(list, 10)).toEqual([])
    expect([queue.length, queue.nextAt]).toEqual([1, 14])
    queue.take()
    expect(late(list, 14)).toEqual([4])
    expect(queue.length).toBe(0)
    list.add(new Waiting(20))
    expect([queue.length, queue.nextAt]).toEqual([1, 30])
  })

  test('does not mind who leaves, and when, or twice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(9))), (story) => {
        const list = new Patience<Waiting>(10, new EventQueue(), 7)
        let now = 0
        let here: Waiting[] = []
        for (const [pause, leaver] of story) {
          now += pause
          const gone = here.filter(({ startedAt }) => startedAt + 10 <= now)
          expect(late(list, now)).toEqual(gone.map(({ startedAt }) => startedAt))
          here = here.slice(gone.length)
          for (const one of gone) list.remove(one)
          const one = new Waiting(now)
          list.add(one)
          here.push(one)
          const [leaving] = here.splice(leaver, 1)
          if (leaving !== undefined) list.remove(leaving)
        }
      }),
      { numRuns: 200, seed: 1 },
    )
  })
})
