import { expect, test } from 'vitest'
import { durationOr0 } from '../../../proxy/core/options.ts'

test('a duration can have a 0 that stands for something else', () => {
  const option = durationOr0(0, 'the typical latency', 'what it counts as')
  expect(option.range).toBe('a duration of up to a day, or 0 for the typical latency')
  expect(option.duration).toBe(true)
  expect([0, 30, 0.5, -1, NaN, 86_400_001, '30'].map((value) => option.read(value))).toEqual([
    0,
    30,
    0.5,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
