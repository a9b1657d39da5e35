import { atLeast, between, notBelow } from '../checks.ts'
import { Inverted } from './distribution.ts'

export interface BimodalSpec {
  type: 'bimodal'
  fast: number
  slow: number
  /** How likely a draw is to be slow. */
  slowShare: number
}

/** One of two amounts: a hit or a miss of a cache, a request that met a pause or one that did not. */
export class Bimodal extends Inverted {
  readonly mean: number
  readonly scv: number
  private readonly fast: number
  private readonly slow: number
  private readonly fastShare: number

  constructor(spec: BimodalSpec, path: string) {
    super()
    this.fast = atLeast(spec.fast, 0, `${path}.fast`)
    this.slow = notBelow(spec.slow, this.fast, `${path}.slow`, `${path}.fast`)
    const slowShare = between(spec.slowShare, 0, 1, `${path}.slowShare`)
    this.fastShare = 1 - slowShare
    const gap = this.slow - this.fast
    this.mean = this.fast + slowShare * gap
    this.scv = this.mean === 0 ? 0 : slowShare * this.fastShare * (gap / this.mean) ** 2
  }

  cdf(x: number): number {
    if (x < this.fast) return 0
    return x < this.slow ? this.fastShare : 1
  }

  override quantile(p: number): number {
    return p <= this.fastShare ? this.fast : this.slow
  }

  protected invert(values: Float64Array): void {
    const { fast, fastShare, slow } = this
    for (let i = 0; i < values.length; i++) values[i] = values[i] < fastShare ? fast : slow
  }
}
