import { above0, between } from '../checks.ts'
import { cosine, sine } from '../turn.ts'
import type { Profile } from './profile.ts'

export interface DiurnalSpec {
  type: 'diurnal'
  /** Requests a second on average. */
  mean: number
  /** How far the rate goes above and below, as a share of the mean, from 0 to 1. */
  swing: number
  /** How long a day is. */
  period: number
}

const TURN = 6.283185307179586

/** Newton's method needs three or four; after these, halving has found the last bit. */
const MOST_STEPS = 100

/**
 * Day and night: the rate is mean (1 + swing sin(2 pi t / period)), so it begins at the mean and rises. With x = t / period,
 * mean period (x + swing (1 - cos(2 pi x)) / (2 pi)) requests are expected by then. The inverse has no closed form (it is Kepler's equation);
 * Newton's method finds it to the last bits, kept inside an interval that shrinks, because at full swing the rate touches 0.
 */
export class Diurnal implements Profile {
  private readonly swing: number
  private readonly period: number
  /** Requests in a period. */
  private readonly daily: number
  /** The part of the day where the last one was: the next one is near. */
  private latest = 0

  constructor(spec: DiurnalSpec, path: string) {
    const mean = above0(spec.mean, `${path}.mean`)
    this.swing = between(spec.swing, 0, 1, `${path}.swing`)
    this.period = above0(spec.period, `${path}.period`)
    this.daily = (mean * this.period) / 1000
  }

  invert(values: Float64Array): void {
    const { daily, period } = this
    const wave = this.swing / TURN
    let x = this.latest
    for (let i = 0; i < values.length; i++) {
      const days = values[i] / daily
      const day = Math.floor(days)
      const part = days - day
      // The wave adds from 0 to 2 of its height.
      let low = Math.max(0, part - 2 * wave)
      let high = Math.min(1, part)
      if (x < low || x > high) x = part
      for (let step = 0; step < MOST_STEPS; step++) {
        const excess = x + wave * (1 - cosine(x)) - part
        if (excess > 0) high = x
        else low = x
        const next = x - excess / (1 + this.swing * sine(x))
        const x0 = x
        x = next >= low && next <= high ? next : low + (high - low) / 2
        if (Math.abs(x - x0) <= 1e-16) break
      }
      values[i] = (day + x) * period
    }
    this.latest = x
  }

  expected(time: number): number {
    const day = Math.floor(time / this.period)
    const x = time / this.period - day
    return this.daily * (day + x + (this.swing * (1 - cosine(x))) / TURN)
  }
}
