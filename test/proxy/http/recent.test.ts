import { array, assert, constantFrom, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import type { RequestSummary } from '../../../proxy/http/kept-request.ts'
import { mergeRequests } from '../../../proxy/http/recent.ts'

const STUB = { method: 'GET', target: '/', status: 200, outcome: 'ok', end: 'ok', server: 'a' }

function summary(id: string, second: number): RequestSummary {
  const time = new Date(second * 1000).toISOString()
  return { ...STUB, outcome: 'ok', id, time, attempts: 1, total: 1 }
}

test('what several threads remember is put together: the latest first, those of one moment in the order of threads', () => {
  const merged = mergeRequests(
    [[summary('a', 5), summary('b', 1)], [], [summary('c', 9), summary('d', 5), summary('e', 0)]],
    4,
  )
  expect(merged.map(({ id }) => id)).toEqual(['c', 'a', 'd', 'b'])
})

test('none of the latest is left out for an earlier one, whatever the threads remember', () => {
  const times = array(array(integer({ min: 0, max: 9 }), { maxLength: 6 }), { maxLength: 4 })
  assert(
    property(times, constantFrom(0, 1, 3, 100), (threads, limit) => {
      const parts = threads.map((each) => each.map((second) => summary('x', second)))
      const expected = threads.flat().toSorted((a, b) => b - a)
      const merged = mergeRequests(parts, limit).map(({ time }) => Date.parse(time) / 1000)
      expect(merged).toEqual(expected.slice(0, limit))
    }),
  )
})
