import type { Rng } from '../proxy/core/rng.ts'
import { oneOf } from './checks.ts'
import { Bimodal, type BimodalSpec } from './distributions/bimodal.ts'
import { BoundedPareto, type BoundedParetoSpec } from './distributions/bounded-pareto.ts'
import { Constant, type ConstantSpec } from './distributions/constant.ts'
import type { Distribution, Moments } from './distributions/distribution.ts'
import { Empirical, type EmpiricalSpec } from './distributions/empirical.ts'
import { Erlang, type ErlangSpec } from './distributions/erlang.ts'
import { Exponential, type ExponentialSpec } from './distributions/exponential.ts'
import { Hyperexponential, type HyperexponentialSpec } from './distributions/hyperexponential.ts'
import { Lognormal, type LognormalSpec } from './distributions/lognormal.ts'
import { Uniform, type UniformSpec } from './distributions/uniform.ts'
import { Weibull, type WeibullSpec } from './distributions/weibull.ts'

/** How work is spread, in milliseconds, as plain data. */
export type DistributionSpec =
  | ConstantSpec
  | UniformSpec
  | ExponentialSpec
  | ErlangSpec
  | LognormalSpec
  | HyperexponentialSpec
  | BoundedParetoSpec
  | WeibullSpec
  | BimodalSpec
  | EmpiricalSpec

/** Each type, and who knows its formulas. */
const TYPES: {
  readonly [T in DistributionSpec['type']]: Made<Extract<DistributionSpec, { type: T }>>
} = {
  constant: Constant,
  uniform: Uniform,
  exponential: Exponential,
  erlang: Erlang,
  lognormal: Lognormal,
  hyperexponential: Hyperexponential,
  bounded_pareto: BoundedPareto,
  weibull: Weibull,
  bimodal: Bimodal,
  empirical: Empirical,
}

type Made<Spec> = new (spec: Spec, path: string) => Distribution

/** A stream of draws, many at a time. */
export interface Source {
  /** Fills the whole array with draws. */
  fill(into: Float64Array): void
}

/** Draws one amount of work. */
export type Sampler = () => number

/** Throws a `RangeError` that names the path of what is wrong: `work.mean must be above 0, got -1`. */
export function createDistribution(spec: DistributionSpec, path = 'work'): Distribution {
  const { type } = spec
  oneOf(type, Object.keys(TYPES) as DistributionSpec['type'][], `${path}.type`)
  const Type = TYPES[type] as Made<DistributionSpec>
  return new Type(spec, path)
}

/** Mean and squared coefficient of variation, by formula. */
export function moments(spec: DistributionSpec, path = 'work'): Moments {
  const { mean, scv } = createDistribution(spec, path)
  return { mean, scv }
}

/**
 * The n-th draw is the n-th request's, however many are asked for at a time, and costs the same number of random numbers whatever the
 * spec's figures are.
 */
export function source(spec: DistributionSpec, rng: Rng, path = 'work'): Source {
  return new Drawn(createDistribution(spec, path), rng)
}

/** The same draws, one at a time. */
export function sampler(spec: DistributionSpec, rng: Rng, path = 'work'): Sampler {
  const draws = new Drawn(createDistribution(spec, path), rng)
  return () => draws.next()
}

class Drawn implements Source {
  private readonly distribution: Distribution
  private readonly rng: Rng
  private readonly one = new Float64Array(1)

  constructor(distribution: Distribution, rng: Rng) {
    this.distribution = distribution
    this.rng = rng
  }

  fill(into: Float64Array): void {
    this.distribution.fill(into, this.rng)
  }

  next(): number {
    this.fill(this.one)
    return this.one[0]
  }
}
