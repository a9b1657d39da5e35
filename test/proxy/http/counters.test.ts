import { expect, test } from 'vitest'
import { Counters } from '../../../proxy/http/counters.ts'

function counted(word: string, times: number, connects: readonly number[]): Counters {
  const counters = new Counters()
  for (let i = 0; i < times; i++) {
    counters.byClass[2]++
    for (const counts of [counters.retries, counters.refused, counters.turnedAway]) {
      Counters.increase(counts, word)
    }
  }
  for (const milliseconds of connects) counters.connect.record(milliseconds)
  return counters
}

test('what threads have counted is added up, and what was there before is forgotten', () => {
  const whole = counted('old', 5, [99])
  const parts = [counted('a', 2, [1, 2, 3]), counted('b', 3, []), counted('a', 1, [4])]
  whole.become(parts.map((part) => part.snapshot()))
  const { byClass, connect, refused, retries } = whole.snapshot()
  expect(byClass).toEqual([0, 0, 6, 0, 0, 0])
  expect(retries).toEqual({ old: 0, a: 3, b: 3 })
  expect(refused).toEqual(retries)
  expect(connect).toMatchObject({ count: 4, min: 1, max: 4 })
  expect(connect!.mean).toBeCloseTo(2.5)
})
