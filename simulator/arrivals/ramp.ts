import { above0, atLeast, oneOf } from '../checks.ts'
import type { Profile } from './profile.ts'
import { type Rhythm, RHYTHMS } from './unit-process.ts'

export interface RampSpec {
  type: 'ramp'
  from: number
  to: number
  duration: number
  /** Default: `poisson`. */
  rhythm?: Rhythm
}

/**
 * A rate that rises or falls evenly for a time and then stays. By time t of the ramp from t + (to - from) t^2 / (2 duration) requests are
 * expected, a quadratic equation for t.
 */
export class Ramp implements Profile {
  private readonly from: number
  private readonly to: number
  private readonly duration: number

  constructor(spec: RampSpec, path: string) {
    oneOf(spec.rhythm ?? 'poisson', RHYTHMS, `${path}.rhythm`)
    this.from = atLeast(spec.from, 0, `${path}.from`)
    this.to = atLeast(spec.to, 0, `${path}.to`)
    this.duration = above0(spec.duration, `${path}.duration`)
    if (this.from === 0 && this.to === 0) {
      throw new RangeError(`${path}.to must be above 0 if ${path}.from is 0`)
    }
  }

  invert(values: Float64Array): void {
    const { duration, from, to } = this
    const total = ((from + to) / 2) * duration
    const slope = (2 * (to - from)) / duration
    for (let i = 0; i < values.length; i++) {
      const due = 1000 * values[i]
      if (due >= total) {
        values[i] = to === 0 ? Infinity : duration + (due - total) / to
        continue
      }
      // The root without a difference of equals. What is under it is the square of the rate then; rounding must not make it negative.
      const rate = Math.sqrt(Math.max(0, from * from + slope * due))
      values[i] = due === 0 ? 0 : (2 * due) / (from + rate)
    }
  }

  expected(time: number): number {
    const { duration, from, to } = this
    const ramp = Math.min(time, duration)
    const sum = from * ramp + ((to - from) * ramp * ramp) / (2 * duration)
    return (sum + (time - ramp) * to) / 1000
  }
}
