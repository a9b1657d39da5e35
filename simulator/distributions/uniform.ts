import { atLeast, notBelow } from '../checks.ts'
import { Inverted } from './distribution.ts'

export interface UniformSpec {
  type: 'uniform'
  min: number
  max: number
}

/** Anything from `min` to `max` is as likely as anything else: F(x) = (x - min) / (max - min). */
export class Uniform extends Inverted {
  readonly mean: number
  readonly scv: number
  private readonly min: number
  private readonly width: number

  constructor(spec: UniformSpec, path: string) {
    super()
    this.min = atLeast(spec.min, 0, `${path}.min`)
    const max = atLeast(spec.max, 0, `${path}.max`)
    this.width = notBelow(max, this.min, `${path}.max`, `${path}.min`) - this.min
    this.mean = this.min + this.width / 2
    this.scv = this.width === 0 ? 0 : (this.width / this.mean) ** 2 / 12
  }

  cdf(x: number): number {
    if (x < this.min) return 0
    return x >= this.min + this.width ? 1 : (x - this.min) / this.width
  }

  protected invert(values: Float64Array): void {
    const { min, width } = this
    for (let i = 0; i < values.length; i++) values[i] = min + width * values[i]
  }
}
