import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventParts } from '../../../dashboard/live/event-reader.ts'

const TEXT =
  'retry: 2000\n\nevent: hello\ndata: {"a":"x y"}\n\nevent: snapshot\ndata: [1,2]\n\nevent: st'

test('events are the same wherever the network has cut them', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(TEXT.length), { maxLength: 8 }), (cuts) => {
      const heard: [string, string][] = []
      const parts = new EventParts((event, data) => heard.push([event, data]))
      let from = 0
      for (const to of [...cuts.toSorted((a, b) => a - b), TEXT.length]) {
        parts.add(TEXT.slice(from, to))
        from = to
      }
      expect(heard).toEqual([
        ['hello', '{"a":"x y"}'],
        ['snapshot', '[1,2]'],
      ])
    }),
  )
})
