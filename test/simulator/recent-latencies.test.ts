import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecentLatencies } from '../../simulator/recent-latencies.ts'

test('nothing is known at first', () => {
  expect(new RecentLatencies().at(0, 0)).toBeNaN()
  expect(new RecentLatencies().at(1e9, 0)).toBeNaN()
})

test('the median of what was met at the same number, the lower of two in the middle', () => {
  const latencies = new RecentLatencies()
  for (const [others, latency] of [
    [3, 50],
    [3, 10],
    [3, 30],
    [3, 20],
    [4, 1000],
    [2, 1],
  ]) {
    latencies.add(others, latency, 0)
  }
  expect(latencies.at(3, 0)).toBe(20)
  expect(latencies.at(4, 0)).toBe(1000)
  expect(latencies.at(2, 0)).toBe(1)
})

test('is that of the last fifteen', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 1, maxLength: 50, size: 'max' }), (values) => {
      const latencies = new RecentLatencies()
      values.forEach((value, time) => latencies.add(7, value, time))
      const last = values.slice(-15).toSorted((a, b) => a - b)
      expect(latencies.at(7, values.length)).toBe(last[(last.length - 1) >> 1])
    }),
  )
})

test('of the last fifteen those that are not too old, at any time', () => {
  const entry = fc.record({ value: fc.nat(20), gap: fc.nat(3000) })
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 50, size: 'max' }), (list) => {
      const latencies = new RecentLatencies()
      const model: { value: number; time: number }[] = []
      let now = 0
      for (const { gap, value } of list) {
        now += gap
        latencies.add(7, value, now)
        model.push({ value, time: now })
        const young = model.slice(-15).filter(({ time }) => time >= now - 10_000)
        const values = young.map(({ value }) => value).toSorted((a, b) => a - b)
        expect(latencies.at(7, now)).toBe(values[(values.length - 1) >> 1])
      }
    }),
  )
})

test('where nothing was met at that number, the nearest one speaks; of two as near the lower', () => {
  const latencies = new RecentLatencies()
  latencies.add(2, 20, 0)
  latencies.add(8, 80, 0)
  expect([0, 2, 4, 5, 6, 8, 12, 5000].map((others) => latencies.at(others, 0))).toEqual([
    20, 20, 20, 20, 80, 80, 80, 80,
  ])
})

test('what is older than ten seconds counts only where there is nothing younger', () => {
  const latencies = new RecentLatencies()
  latencies.add(5, 500, 0)
  expect(latencies.at(5, 60_000)).toBe(500)
  latencies.add(0, 10, 9000)
  expect(latencies.at(5, 10_000)).toBe(500)
  expect(latencies.at(5, 10_001)).toBe(10)
  // Of one row the old ones are left out as well.
  latencies.add(5, 100, 12_000)
  expect(latencies.at(5, 12_000)).toBe(100)
})

test('large numbers share rows, four a doubling, and the highest holds the rest', () => {
  const latencies = new RecentLatencies()
  latencies.add(16, 1, 0)
  latencies.add(32, 2, 0)
  latencies.add(2 ** 20, 3, 0)
  expect([17, 19, 31, 33, 2 ** 40].map((others) => latencies.at(others, 0))).toEqual([
    1, 1, 2, 2, 3,
  ])
})
