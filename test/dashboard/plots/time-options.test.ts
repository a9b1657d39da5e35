import { expect, test } from 'vitest'
import { logTicks, timeTicks } from '../../../dashboard/plots/time-options.ts'

test('times at an axis are round, and have room', () => {
  const start = Date.UTC(2026, 0, 1, 12, 0, 7)
  const ticks = timeTicks(start, start + 300_000, 700)
  expect(ticks.map((time) => (time - Date.UTC(2026, 0, 1, 12)) / 1000)).toEqual([
    60, 120, 180, 240, 300,
  ])
  expect(timeTicks(start, start + 60_000, 700)).toHaveLength(6)
  expect(timeTicks(start, start + 300_000, 160).length).toBeLessThanOrEqual(3)
})

test('a logarithmic axis has 1, 2 and 5, or powers of ten where those would crowd', () => {
  expect(logTicks(8, 120)).toEqual([10, 20, 50, 100])
  expect(logTicks(0.5, 20_000)).toEqual([1, 10, 100, 1000, 10_000])
})
