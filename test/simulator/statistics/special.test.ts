import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binomialCdf, incompleteBeta } from '../../../simulator/statistics/beta.ts'
import { logGamma } from '../../../simulator/distributions/log-gamma.ts'
import { upperGamma } from '../../../simulator/statistics/gamma.ts'

// References to 15 digits are mpmath's, calculated with 25.

describe('logGamma', () => {
  test.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247001],
    [3.7, 1.428072326665388],
    [1234.5, 7550.550901077895],
  ])('of %d is right to 13 digits', (x, expected) => {
    expect(Math.abs(logGamma(x) / expected - 1)).toBeLessThan(1e-13)
  })

  test('gives factorials', () => {
    for (let n = 1, factorial = 1; n < 30; n++) {
      expect(Math.exp(logGamma(n)) / factorial).toBeCloseTo(1, 12)
      factorial *= n
    }
  })

  test('refuses what has no gamma function here', () => {
    expect(() => logGamma(0)).toThrow(new RangeError('x must be above 0, got 0'))
    expect(() => logGamma(NaN)).toThrow('x must be above 0, got NaN')
  })
})

describe('upperGamma', () => {
  test('is the tail of a Poisson sum for whole shapes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0.01, max: 60, noNaN: true }),
        (a, x) => {
          let sum = 0
          for (let k = 0, term = 1; k < a; k++, term *= x / k) sum += term
          const tail = Math.exp(-x) * sum
          expect(Math.abs(upperGamma(a, x) - tail)).toBeLessThan(1e-12)
          if (x > a + 1) expect(Math.abs(upperGamma(a, x) / tail - 1)).toBeLessThan(1e-11)
        },
      ),
    )
  })

  test('begins at 1 and ends at 0', () => {
    expect(upperGamma(2.5, 0)).toBe(1)
    expect(upperGamma(2.5, Infinity)).toBe(0)
  })
})

describe('incompleteBeta', () => {
  const shape = fc.double({ min: 0.05, max: 200, noNaN: true })

  test('is its own mirror image, and never falls', () => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(share, share, shape, shape, (x, y, a, b) => {
        expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 10)
        const [low, high] = x < y ? [x, y] : [y, x]
        expect(incompleteBeta(high, a, b) - incompleteBeta(low, a, b)).toBeGreaterThan(-1e-10)
      }),
    )
  })

  test('is x to the a for b = 1', () => {
    for (const a of [0.3, 1, 7.5]) expect(incompleteBeta(0.4, a, 1)).toBeCloseTo(0.4 ** a, 14)
    expect(incompleteBeta(0, 2, 3)).toBe(0)
    expect(incompleteBeta(1, 2, 3)).toBe(1)
  })
})

describe('binomialCdf', () => {
  test.each([
    [3, 10, 0.3, 0.6496107184],
    [989, 1000, 0.99, 0.416959196698902],
    [0, 5, 0.2, 0.32768],
    [4, 5, 0.2, 0.99968],
    [-1, 5, 0.2, 0],
    [5, 5, 0.2, 1],
  ])('of at most %d of %d at %d', (k, n, p, expected) => {
    expect(binomialCdf(k, n, p)).toBeCloseTo(expected, 12)
  })
})
