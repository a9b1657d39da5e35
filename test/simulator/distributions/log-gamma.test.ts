import { expect, test } from 'vitest'
import { logGamma } from '../../../simulator/distributions/log-gamma.ts'

// Worked out with 30 digits (mpmath).
test.each([
  [1, 0],
  [1.5, -0.120782237635245222],
  [2.25, 0.124871714892396594],
  [7.3, 7.14789252302224869],
  [21, 42.335616460753485],
  [101, 363.73937555556349],
])('of %f is %f', (x, expected) => {
  expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(1, expected))
})
