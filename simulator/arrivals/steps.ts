import { above0, atLeast, listed, oneOf } from '../checks.ts'
import type { Profile } from './profile.ts'
import { type Rhythm, RHYTHMS } from './unit-process.ts'

export interface StepsSpec {
  type: 'steps'
  steps: readonly Step[]
  /** Default: `poisson`. */
  rhythm?: Rhythm
  /** From the first step again after the last, for ever. Default: no request after the last step. */
  repeat?: boolean
}

interface Step {
  /** From 0 up; 0 is a silence. */
  rate: number
  duration: number
}

/** One rate after the other. A step begins at its first moment and ends before its last one. */
export class Steps implements Profile {
  private readonly rates: number[] = []
  /** When each step begins, and how many requests are expected before it; then the same of the end. */
  private readonly begins: number[] = [0]
  private readonly before: number[] = [0]
  private readonly duration: number
  private readonly total: number
  /** From here on there are no requests. */
  private readonly end: number
  /** The last step that is no silence. */
  private readonly busy: number
  private step = 0

  constructor(spec: StepsSpec, path: string) {
    oneOf(spec.rhythm ?? 'poisson', RHYTHMS, `${path}.rhythm`)
    listed(spec.steps, `${path}.steps`).forEach(({ rate, duration }, i) => {
      this.rates.push(atLeast(rate, 0, `${path}.steps[${i}].rate`))
      this.begins.push(this.begins[i] + above0(duration, `${path}.steps[${i}].duration`))
      this.before.push(this.before[i] + (rate * duration) / 1000)
    })
    this.busy = this.rates.findLastIndex((rate) => rate > 0)
    if (this.busy < 0) throw new RangeError(`${path}.steps must have a rate above 0`)
    this.duration = this.begins[this.rates.length]
    this.total = this.before[this.rates.length]
    this.end = spec.repeat === true ? Infinity : this.total
  }

  invert(values: Float64Array): void {
    const { before, begins, busy, duration, end, rates, total } = this
    let { step } = this
    for (let i = 0; i < values.length; i++) {
      if (values[i] >= end) {
        values[i] = Infinity
        continue
      }
      const round = Math.floor(values[i] / total)
      const rest = Math.max(0, values[i] - round * total)
      if (rest < before[step]) step = 0
      while (rest >= before[step + 1] && step < busy) step++
      const since = (1000 * (rest - before[step])) / rates[step]
      values[i] = round * duration + begins[step] + since
    }
    this.step = step
  }

  expected(time: number): number {
    const { before, begins, duration, rates, total } = this
    if (time >= duration && this.end === total) return total
    const round = Math.floor(time / duration)
    const rest = time - round * duration
    let step = 0
    while (step < rates.length - 1 && rest >= begins[step + 1]) step++
    return round * total + before[step] + ((rest - begins[step]) * rates[step]) / 1000
  }
}
