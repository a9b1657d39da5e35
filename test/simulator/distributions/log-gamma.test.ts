import { expect, test } from 'vitest'
import { logGamma } from '../../../simulator/distributions/log-gamma.ts'

// Worked out with 30 digits (mpmath).
test.each([
  [1, 0],
  [1.5, -0.12078223763524522],
  [2.25, 0.1248717148923966],
  [7.3, 7.147892523022248],
  [21, 42.335616460753485],
  [101, 363.73937555556347],
])('of %f is %f', (x, expected) => {
  expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(1, expected))
})
