import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  coefficientOfVariation,
  jainIndex,
  shareRange,
} from '../../../simulator/statistics/spread.ts'

const values = fc.array(fc.double({ min: 0, max: 1e100, noNaN: true }), { minLength: 1 })

test('fairness is from 1/n to 1, and knows no unit', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0.001, max: 1, noNaN: true }), (set, factor) => {
      const index = jainIndex(set)
      expect(index).toBeGreaterThanOrEqual((1 / set.length) * (1 - 1e-12))
      expect(index).toBeLessThanOrEqual(1)
      if (Math.min(...set) > 1e-200) {
        expect(jainIndex(set.map((each) => each * factor))).toBeCloseTo(index, 12)
      }
    }),
  )
})

test('fairness is k/n if k of n have all in equal parts', () => {
  expect(jainIndex([5, 5, 5, 5])).toBe(1)
  expect(jainIndex([5, 5, 0, 0])).toBe(0.5)
  expect(jainIndex([0, 0, 9, 0])).toBe(0.25)
  expect(jainIndex([0, 0])).toBe(1)
})

test('the coefficient of variation is standard deviation over mean', () => {
  expect(coefficientOfVariation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2 / 5, 12)
  expect(coefficientOfVariation([3, 3, 3])).toBe(0)
  expect(coefficientOfVariation([0, 0])).toBe(0)
})

test('shares are parts of the whole', () => {
  expect(shareRange([10, 30, 60])).toEqual({ low: 0.1, high: 0.6 })
  expect(shareRange([0, 0])).toEqual({ low: 0, high: 0 })
  fc.assert(
    fc.property(values, (set) => {
      const { low, high } = shareRange(set)
      if (high === 0) return
      expect(low).toBeLessThanOrEqual(1 / set.length + 1e-12)
      expect(high).toBeGreaterThanOrEqual(1 / set.length - 1e-12)
    }),
  )
})

test('nobody has less than nothing', () => {
  expect(() => jainIndex([1, -1])).toThrow(new RangeError('values[1] must be at least 0, got -1'))
  expect(() => shareRange([])).toThrow(new RangeError('values must not be empty'))
})
