import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventCutter } from '../../../experiments/live/follow-events.ts'

test('events come out whole, wherever the stream is cut', () => {
  const text =
    'retry: 2000\n\nevent: hello\ndata: {"a":1}\n\nevent: state\ndata: {"b":"x: y"}\n\n: comment\n\n'
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const events: string[][] = []
      const cutter = new EventCutter((name, data) => events.push([name, data]))
      const borders = [0, ...cuts.sort((a, b) => a - b), text.length]
      for (let i = 1; i < borders.length; i++) cutter.push(text.slice(borders[i - 1], borders[i]))
      expect(events).toEqual([
        ['hello', '{"a":1}'],
        ['state', '{"b":"x: y"}'],
      ])
    }),
  )
})

test('an event is not told before it has ended', () => {
  const events: string[] = []
  const cutter = new EventCutter((name) => events.push(name))
  cutter.push('event: state\ndata: {}\n')
  expect(events).toEqual([])
  cutter.push('\n')
  expect(events).toEqual(['state'])
})
