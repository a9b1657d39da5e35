import { atLeast, listed } from '../checks.ts'
import { GuideTable } from '../guide-table.ts'
import { Inverted } from './distribution.ts'

export interface EmpiricalSpec {
  type: 'empirical'
  values: readonly number[]
  /** One a value. Default: all equal. */
  weights?: readonly number[]
}

/** Values that were recorded, each as likely as its weight says. Nothing between them is ever drawn. */
export class Empirical extends Inverted {
  readonly mean: number
  readonly scv: number
  private readonly sorted: Float64Array
  private readonly table: GuideTable

  constructor(spec: EmpiricalSpec, path: string) {
    super()
    const { values } = spec
    listed(values, `${path}.values`)
    values.forEach((value, i) => atLeast(value, 0, `${path}.values[${i}]`))
    const weights = spec.weights ?? values.map(() => 1)
    checkWeights(weights, values.length, `${path}.weights`)
    const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b)
    this.sorted = Float64Array.from(order, (i) => values[i])
    this.table = new GuideTable(order.map((i) => weights[i]))
    const { sorted, table } = this
    this.mean = sorted.reduce((sum, value, i) => sum + table.share(i) * value, 0)
    const { mean } = this
    const variance = sorted.reduce((sum, value, i) => sum + table.share(i) * (value - mean) ** 2, 0)
    this.scv = mean === 0 ? 0 : variance / mean ** 2
  }

  cdf(x: number): number {
    const count = firstIndex(this.sorted.length, (i) => this.sorted[i] > x)
    return count === 0 ? 0 : this.table.cumulative[count - 1]
  }

  override quantile(p: number): number {
    return this.sorted[firstIndex(this.sorted.length - 1, (i) => this.table.cumulative[i] >= p)]
  }

  protected invert(values: Float64Array): void {
    const { sorted, table } = this
    table.find(values)
    for (let i = 0; i < values.length; i++) values[i] = sorted[values[i]]
  }
}

function checkWeights(weights: readonly number[], count: number, path: string): void {
  if (!Array.isArray(weights) || weights.length !== count) {
    throw new RangeError(`${path} must have as many entries as there are values (${count})`)
  }
  let total = 0
  weights.forEach((weight: number, i) => {
    total += atLeast(weight, 0, `${path}[${i}]`)
  })
  if (total === 0) throw new RangeError(`${path} must not all be 0`)
}

/** The first index below `count` for which the condition holds, if it holds for all after that; else `count`. */
function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
