import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalQuantile } from '../../../simulator/statistics/normal.ts'
import { studentCdf, studentQuantile } from '../../../simulator/statistics/student.ts'
import { STUDENT } from './student-table.ts'

const freedom = fc.double({ min: 0.5, max: 5000, noNaN: true })

test('the best known one: 2.262157 for 0.975 and 9', () => {
  expect(studentQuantile(0.975, 9).toFixed(6)).toBe('2.262157')
})

test.each(Object.entries(STUDENT))('%s agrees with the table to 11 digits', (p, row) => {
  expect(row).toHaveLength(200)
  row.forEach((expected, i) => {
    const found = studentQuantile(Number(p), i + 1)
    expect(Math.abs(found / expected - 1), `${i + 1} degrees of freedom`).toBeLessThan(1e-11)
  })
})

test('one degree of freedom is a tangent, two are a root', () => {
  for (const p of [0.501, 0.6, 0.9, 0.99, 0.999999]) {
    expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 9)
    expect(studentQuantile(p, 2) / ((2 * p - 1) * Math.sqrt(0.5 / (p * (1 - p))))).toBeCloseTo(1, 9)
  }
})

test('many degrees of freedom are the normal distribution', () => {
  expect(studentQuantile(0.975, Infinity)).toBe(normalQuantile(0.975))
  expect(studentQuantile(0.975, 1e6)).toBeCloseTo(normalQuantile(0.975), 5)
  expect(studentCdf(1, Infinity)).toBeCloseTo(0.8413447460685429, 14)
})

test('the quantile undoes the chance', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), freedom, (p, df) => {
      const back = studentCdf(studentQuantile(p, df), df)
      expect(Math.abs(back - p)).toBeLessThan(1e-11 * Math.max(p, 1e-3))
    }),
  )
})

test('it is symmetric, rises with the probability, and its tails thin out with more freedom', () => {
  const high = fc.double({ min: 0.6, max: 0.9999, noNaN: true })
  fc.assert(
    fc.property(high, freedom, (p, df) => {
      const t = studentQuantile(p, df)
      expect(studentQuantile(1 - p, df) / -t).toBeCloseTo(1, 9)
      expect(studentQuantile(p + 1e-5, df)).toBeGreaterThan(t)
      expect(studentQuantile(p, df * 1.1)).toBeLessThan(t)
      expect(t).toBeGreaterThan(normalQuantile(p))
    }),
  )
  expect(studentQuantile(0.5, 3)).toBe(0)
  expect(studentCdf(0, 3)).toBe(0.5)
})

test('it refuses what is no probability and no freedom', () => {
  expect(() => studentQuantile(1, 9)).toThrow(
    new RangeError('p must be above 0 and below 1, got 1'),
  )
  expect(() => studentQuantile(0.9, 0)).toThrow(new RangeError('df must be above 0, got 0'))
  expect(() => studentCdf(0, NaN)).toThrow('df must be above 0, got NaN')
})
