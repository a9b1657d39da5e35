import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventQueue, Planned } from '../../simulator/event-queue.ts'

test('a queue with nothing in it has nothing to come', () => {
  const queue = new EventQueue()
  expect(queue.nextAt).toBe(Infinity)
  expect(() => queue.take()).toThrow('there is no event')
  expect(queue).toHaveLength(0)
})

test('events come in order of time, and at equal times in order of scheduling', () => {
  // A number: schedule for that time. undefined: take the next.
  const steps = fc.array(fc.option(fc.nat(5), { nil: undefined }), { maxLength: 200 })
  fc.assert(
    fc.property(steps, (list) => {
      const queue = new EventQueue()
      const model: { time: number; event: number }[] = []
      list.forEach((time, event) => {
        if (time === undefined) {
          if (model.length === 0) return
          model.sort((a, b) => a.time - b.time || a.event - b.event)
          const { event: first } = model.shift()!
          expect(queue.take()).toBe(first)
          expect(queue.detail).toBe(first + 1)
        } else {
          queue.add(time, event, event + 1)
          model.push({ time, event })
        }
        expect(queue).toHaveLength(model.length)
        expect(queue.nextAt).toBe(Math.min(...model.map((each) => each.time)))
      })
    }),
  )
})

test('something kept elsewhere has its place among the events by its time and by the order in which it was scheduled', () => {
  const queue = new EventQueue()
  queue.add(5, 1)
  const planned = new Planned()
  const follows = (at: number): boolean => {
    planned.at = at
    return queue.follows(planned)
  }
  planned.order = queue.reserve()
  queue.add(5, 2)
  expect([follows(4), queue.dueAt]).toEqual([true, 4])
  expect([follows(5), queue.dueAt]).toEqual([false, 5])
  queue.take()
  expect([follows(5), queue.dueAt]).toEqual([true, 5])
  expect([follows(6), queue.dueAt]).toEqual([false, 5])
  queue.take()
  expect([follows(6), queue.dueAt]).toEqual([true, 6])
  expect([follows(Infinity), queue.dueAt]).toEqual([true, Infinity])
})

test('an event without a time is refused', () => {
  expect(() => new EventQueue().add(NaN, 0)).toThrow('an event must have a time')
})
