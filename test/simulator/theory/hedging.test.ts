import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  fanOutSlow,
  hedgedAbove,
  hedgedExtra,
  hedgedMean,
  hedgedQuantile,
  hedgedSlow,
} from '../../../simulator/theory/hedging.ts'
import { like, rows } from './printed.ts'

test.each(
  rows(`
    0   | 1.00 | .5000 | 2.303 | 3.454
    .5  | .50  | .7500 | 2.649 | 3.800
    .9  | .10  | .9500 | 3.454 | 4.605
    .95 | .05  | .9750 | 3.800 | 4.952
    .99 | .01  | .9950 | 4.605 | 5.756`),
)('a hedge at the quantile %s asks %s more and takes %s on average', (at, ...row) => {
  const delay = -Math.log1p(-Number(at))
  const found = [
    hedgedExtra(delay),
    hedgedMean(delay),
    hedgedQuantile(delay, 0.99),
    hedgedQuantile(delay, 0.999),
  ]
  expect(found.map((value, i) => like(row[i], value))).toEqual(row)
})

const delay = fc.double({ min: 0, max: 8, noNaN: true })

test('the tail is that of the formula, the mean is its integral, quantiles undo it', () => {
  const above = (t: number): number => Math.exp(-t)
  fc.assert(
    fc.property(delay, fc.double({ min: 0, max: 0.9999, noNaN: true }), (d, p) => {
      expect(hedgedAbove(above, d, hedgedQuantile(d, p))).toBeCloseTo(1 - p, 10)
      let sum = 0
      for (let t = 0.005; t < 30; t += 0.01) sum += 0.01 * hedgedAbove(above, d, t)
      expect(sum).toBeCloseTo(hedgedMean(d), 2)
    }),
    { numRuns: 30 },
  )
})

test('who hedges at once takes the faster of two; who never does, one', () => {
  expect(hedgedMean(0)).toBe(0.5)
  expect(hedgedMean(1000)).toBe(1)
  expect(hedgedQuantile(1000, 0.99)).toBeCloseTo(4.60517, 5)
})

test('two copies are rarely both slow', () => {
  expect(hedgedSlow(0.01)).toBeCloseTo(1e-4, 15)
})

test.each([
  [0.01, 100, '.6340'],
  [0.001, 100, '.0952'],
  [0.0001, 2000, '.1813'],
])(
  'of requests that need all of %d-slow servers, %d of them, %s are slow',
  (slow, servers, part) => {
    expect(like(part, fanOutSlow(slow, servers))).toBe(part)
  },
)

test('who asks nobody meets no slow one, and who asks slow ones only always does', () => {
  expect(fanOutSlow(1, 0)).toBe(0)
  expect(fanOutSlow(1, 3)).toBe(1)
})

test('it names what is wrong', () => {
  expect(() => hedgedMean(-1)).toThrow(new RangeError('delay must be at least 0, got -1'))
  expect(() => hedgedQuantile(1, 1)).toThrow('p must be at least 0 and below 1, got 1')
  expect(() => fanOutSlow(2, 5)).toThrow(new RangeError('slow must be from 0 to 1, got 2'))
})
