import { expm1 } from '../../proxy/core/exponential.ts'
import { log } from '../../proxy/core/logarithm.ts'
import { above0 } from '../checks.ts'
import { Inverted } from './distribution.ts'

export interface ExponentialSpec {
  type: 'exponential'
  mean: number
}

/** Has no memory: what remains is spread like the whole, however long it has been going on. F(x) = 1 - exp(-x / mean). */
export class Exponential extends Inverted {
  readonly mean: number
  readonly scv = 1

  constructor(spec: ExponentialSpec, path: string) {
    super()
    this.mean = above0(spec.mean, `${path}.mean`)
  }

  cdf(x: number): number {
    return x <= 0 ? 0 : -expm1(-x / this.mean)
  }

  /** A random number can be 0 but never 1, so its complement has a logarithm. */
  protected invert(values: Float64Array): void {
    const { mean } = this
    for (let i = 0; i < values.length; i++) values[i] = -mean * log(1 - values[i])
  }
}
