import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GuideTable } from '../../simulator/guide-table.ts'

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true })), {
    minLength: 1,
    maxLength: 40,
  })
  .filter((list) => list.some((weight) => weight > 0))

const fractions = fc.array(fc.double({ min: 0, max: 1 - 2 ** -53, noNaN: true }))

test('a number finds the first thing up to which there is more than it', () => {
  fc.assert(
    fc.property(weights, fractions, (list, numbers) => {
      const table = new GuideTable(list)
      // The edges themselves, too: there a rounding would show.
      const edges = [...table.cumulative].filter((edge) => edge < 1)
      const values = Float64Array.from([...numbers, ...edges, 0, 1 - 2 ** -53])
      const expected = Array.from(values, (u) => table.cumulative.findIndex((edge) => edge > u))
      table.find(values)
      expect([...values]).toEqual(expected)
    }),
  )
})

test('what has no weight is never found', () => {
  fc.assert(
    fc.property(weights, fractions, (list, numbers) => {
      const values = Float64Array.from([...numbers, 0, 1 - 2 ** -53])
      new GuideTable(list).find(values)
      for (const index of values) expect(list[index]).toBeGreaterThan(0)
    }),
  )
})

test('nor does it get what rounding left out of the sum before it', () => {
  const table = new GuideTable([
    3773.7636830765473, 1e-6, 2.382669273376669e-4, 127445.34244583658, 0,
  ])
  expect(table.share(4)).toBe(0)
})

test('shares are the weights over their sum, to the grain of a random number', () => {
  fc.assert(
    fc.property(weights, (list) => {
      const table = new GuideTable(list)
      const total = list.reduce((sum, weight) => sum + weight, 0)
      list.forEach((weight, i) => {
        expect(Math.abs(table.share(i) - weight / total)).toBeLessThan(4 * 2 ** -53 * list.length)
      })
      expect(table.cumulative.at(-1)).toBe(1)
      expect(table.count).toBe(list.length)
    }),
  )
})

test('a million tenths add up without losing digits', () => {
  const { cumulative } = new GuideTable(new Float64Array(1_000_000).fill(0.1))
  for (const i of [0, 9, 333_332, 999_998]) {
    expect(Math.abs(cumulative[i] - (i + 1) / 1_000_000)).toBeLessThan(2 ** -52)
  }
})
