import type { ArrivalSpec } from '../../simulator/arrivals.ts'

/** So many requests a second, but for one second, the eleventh, with 120. */
export function surge(rate: number): ArrivalSpec {
  return {
    type: 'steps',
    steps: [
      { rate, duration: 10_000 },
      { rate: 120, duration: 1000 },
      { rate, duration: 600_000 },
    ],
  }
}
