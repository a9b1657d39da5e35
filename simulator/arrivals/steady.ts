import { above0 } from '../checks.ts'
import type { Profile } from './profile.ts'

export interface SteadySpec {
  type: 'poisson' | 'paced'
  rate: number
}

/** The same rate at all times. */
export class Steady implements Profile {
  private readonly rate: number

  constructor(spec: SteadySpec, path: string) {
    this.rate = above0(spec.rate, `${path}.rate`)
  }

  invert(values: Float64Array): void {
    const { rate } = this
    for (let i = 0; i < values.length; i++) values[i] = (values[i] * 1000) / rate
  }

  expected(time: number): number {
    return (time * this.rate) / 1000
  }
}
