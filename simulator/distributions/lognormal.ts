import { exp } from '../../proxy/core/exponential.ts'
import { log, log1p } from '../../proxy/core/logarithm.ts'
import { above0 } from '../checks.ts'
import { Inverted } from './distribution.ts'
import { normalCdf, normalQuantiles } from './normal.ts'

export interface LognormalSpec {
  type: 'lognormal'
  mean: number
  /** Coefficient of variation: standard deviation / mean. */
  cv: number
}

/**
 * The exponential of a normal variable: what many small factors multiply to, and what service times in the field often look like.
 * sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2, F(x) = Phi((ln x - mu) / sigma). Johnson, Kotz and Balakrishnan, "Continuous
 * Univariate Distributions" 1, 2nd edition, 1994, chapter 14.
 */
export class Lognormal extends Inverted {
  readonly mean: number
  readonly scv: number
  private readonly mu: number
  private readonly sigma: number

  constructor(spec: LognormalSpec, path: string) {
    super()
    this.mean = above0(spec.mean, `${path}.mean`)
    const cv = above0(spec.cv, `${path}.cv`)
    this.scv = cv * cv
    const variance = log1p(this.scv)
    this.mu = log(this.mean) - variance / 2
    this.sigma = Math.sqrt(variance)
  }

  cdf(x: number): number {
    return x <= 0 ? 0 : normalCdf((log(x) - this.mu) / this.sigma)
  }

  protected invert(values: Float64Array): void {
    const { mu, sigma } = this
    normalQuantiles(values)
    for (let i = 0; i < values.length; i++) values[i] = exp(mu + sigma * values[i])
  }
}
