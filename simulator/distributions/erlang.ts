import { exp } from '../../proxy/core/exponential.ts'
import { log } from '../../proxy/core/logarithm.ts'
import type { Rng } from '../../proxy/core/rng.ts'
import { above0, whole } from '../checks.ts'
import { quantileOf } from './bisection.ts'
import type { Distribution } from './distribution.ts'

export interface ErlangSpec {
  type: 'erlang'
  mean: number
  stages: number
}

const MOST_STAGES = 1000

/** So many numbers of at least 2^-53 have a product that is a normal number. */
const FACTORS = 19

/**
 * A sum of independent exponential stages, so the steadier the more there are: squared coefficient of variation 1 / stages.
 * A. K. Erlang, "Løsning af nogle Problemer fra Sandsynlighedsregningen af Betydning for de automatiske Telefoncentraler",
 * Elektroteknikeren 13, 1917.
 *
 * With y = stages x / mean, F(x) = 1 - exp(-y) (1 + y + y^2 / 2! + … + y^(stages-1) / (stages-1)!). A draw is the sum itself, by the
 * logarithm of a product: as many random numbers as stages, and one logarithm for each 19 of them.
 */
export class Erlang implements Distribution {
  readonly mean: number
  readonly scv: number
  private readonly stages: number
  private readonly factors: Float64Array
  private readonly logFactorial: number

  constructor(spec: ErlangSpec, path: string) {
    this.mean = above0(spec.mean, `${path}.mean`)
    this.stages = whole(spec.stages, 1, MOST_STAGES, `${path}.stages`)
    this.scv = 1 / this.stages
    this.factors = new Float64Array(this.stages)
    let sum = 0
    for (let i = 2; i < this.stages; i++) sum += log(i)
    this.logFactorial = sum
  }

  fill(into: Float64Array, rng: Rng): void {
    const { factors, stages } = this
    const scale = -this.mean / stages
    for (let i = 0; i < into.length; i++) {
      rng.fillFloats(factors)
      let logarithm = 0
      let product = 1
      for (let j = 0; j < stages; j++) {
        product *= 1 - factors[j]
        if ((j + 1) % FACTORS === 0) {
          logarithm += log(product)
          product = 1
        }
      }
      into[i] = scale * (logarithm + log(product))
    }
  }

  cdf(x: number): number {
    if (x <= 0) return 0
    const { stages } = this
    const y = (stages * x) / this.mean
    if (y === 0 || y === Infinity) return y === 0 ? 0 : 1 // So small that it was lost, or past all counting.
    // The two sums, below `stages` and from it on, make 1 together: whichever falls from its first term on keeps its digits.
    const last = exp((stages - 1) * log(y) - y - this.logFactorial)
    return y > stages ? 1 - this.sumDown(last, y) : this.sumUp((last * y) / stages, y)
  }

  quantile(p: number): number {
    return quantileOf((x) => this.cdf(x), p, this.mean)
  }

  private sumDown(term: number, y: number): number {
    let sum = 0
    for (let i = this.stages - 1; i >= 0; i--) {
      sum += term
      term *= i / y
    }
    return sum
  }

  private sumUp(term: number, y: number): number {
    let sum = term
    for (let i = this.stages + 1; ; i++) {
      term *= y / i
      if (!(sum + term > sum)) return sum
      sum += term
    }
  }
}
