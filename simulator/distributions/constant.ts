import { atLeast } from '../checks.ts'
import type { Distribution } from './distribution.ts'

export interface ConstantSpec {
  type: 'constant'
  value: number
}

/** Always the same. Uses no chance. */
export class Constant implements Distribution {
  readonly mean: number
  readonly scv = 0

  constructor(spec: ConstantSpec, path: string) {
    this.mean = atLeast(spec.value, 0, `${path}.value`)
  }

  fill(into: Float64Array): void {
    into.fill(this.mean)
  }

  cdf(x: number): number {
    return x < this.mean ? 0 : 1
  }

  quantile(): number {
    return this.mean
  }
}
