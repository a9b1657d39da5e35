import { exp, expm1 } from '../../proxy/core/exponential.ts'
import { log, log1p } from '../../proxy/core/logarithm.ts'
import { above0 } from '../checks.ts'
import { Inverted } from './distribution.ts'

export interface BoundedParetoSpec {
  type: 'bounded_pareto'
  min: number
  max: number
  /** The smaller, the heavier the tail: below 2 the largest few are most of the work. */
  shape: number
}

/**
 * Many small and a few huge, but none above `max`: F(x) = (1 - (min / x)^shape) / (1 - (min / max)^shape). Harchol-Balter, Crovella and
 * Murta, "On Choosing a Task Assignment Policy for a Distributed Server System", Journal of Parallel and Distributed Computing 59(2),
 * 1999, who found sizes of files and jobs like this with shapes about 1.
 */
export class BoundedPareto extends Inverted {
  readonly mean: number
  readonly scv: number
  private readonly min: number
  private readonly max: number
  private readonly shape: number
  /** 1 - (min / max)^shape. */
  private readonly within: number

  constructor(spec: BoundedParetoSpec, path: string) {
    super()
    this.min = above0(spec.min, `${path}.min`)
    this.max = above0(spec.max, `${path}.max`)
    if (this.max <= this.min) {
      throw new RangeError(`${path}.max must be above ${path}.min (${this.min}), got ${this.max}`)
    }
    this.shape = above0(spec.shape, `${path}.shape`)
    this.within = -expm1(-this.shape * log(this.max / this.min))
    const mean = this.moment(1)
    this.mean = this.min * mean
    this.scv = Math.max(0, this.moment(2) / mean ** 2 - 1)
  }

  cdf(x: number): number {
    if (x <= this.min) return 0
    if (x >= this.max) return 1
    return -expm1(-this.shape * log(x / this.min)) / this.within
  }

  protected invert(values: Float64Array): void {
    const { max, min, within } = this
    const power = -1 / this.shape
    for (let i = 0; i < values.length; i++) {
      const x = min * exp(power * log1p(-within * values[i]))
      values[i] = x < max ? x : max
    }
  }

  /**
   * Of x / min: shape / within * ((max / min)^(k - shape) - 1) / (k - shape), whose limit for k = shape is a logarithm. `expm1` goes to it
   * without losing digits on the way.
   */
  private moment(k: number): number {
    const span = log(this.max / this.min)
    const power = k - this.shape
    const part = power === 0 ? span : expm1(power * span) / power
    return (this.shape / this.within) * part
  }
}
