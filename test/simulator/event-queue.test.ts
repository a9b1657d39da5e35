import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventQueue } from '../../simulator/event-queue.ts'

test('a queue with nothing in it has nothing to come', () => {
  const queue = new EventQueue<string>()
  expect(queue.nextAt).toBe(Infinity)
  expect(queue.take()).toBeUndefined()
  expect(queue).toHaveLength(0)
})

test('events come in order of time, and at equal times in order of scheduling', () => {
  // A number: schedule for that time. undefined: take the next.
  const steps = fc.array(fc.option(fc.nat(5), { nil: undefined }), { maxLength: 200 })
  fc.assert(
    fc.property(steps, (list) => {
      const queue = new EventQueue<number>()
      const model: { time: number; event: number }[] = []
      list.forEach((time, event) => {
        if (time === undefined) {
          model.sort((a, b) => a.time - b.time || a.event - b.event)
          expect(queue.take()).toBe(model.shift()?.event)
        } else {
          queue.add(time, event)
          model.push({ time, event })
        }
        expect(queue).toHaveLength(model.length)
        expect(queue.nextAt).toBe(Math.min(...model.map((each) => each.time)))
      })
    }),
  )
})

test('an event without a time is refused', () => {
  expect(() => new EventQueue<string>().add(NaN, 'never')).toThrow('an event must have a time')
})
