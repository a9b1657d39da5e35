import { exp, expm1 } from '../../proxy/core/exponential.ts'
import { log } from '../../proxy/core/logarithm.ts'
import type { Rng } from '../../proxy/core/rng.ts'
import { above0, atLeast, between, listed } from '../checks.ts'
import { quantileOf } from './bisection.ts'
import type { Distribution } from './distribution.ts'

export type HyperexponentialSpec =
  | {
      type: 'hyperexponential'
      mean: number
      /** Coefficient of variation, at least 1. */
      cv: number
    }
  | { type: 'hyperexponential'; branches: readonly Branch[] }

interface Branch {
  /** How likely a draw is to be of this branch. All shares add up to 1. */
  share: number
  mean: number
}

/**
 * Several kinds of request, each exponential: F(x) = sum of share_i (1 - exp(-x / mean_i)).
 *
 * Given mean and cv it has two branches with balanced means, share_1 mean_1 = share_2 mean_2, so that the many short and the few long
 * make the same work: the shares are (1 ± sqrt((cv^2 - 1) / (cv^2 + 1))) / 2. Whitt, "Approximating a Point Process by a Renewal Process",
 * Operations Research 30(1), 1982, section 3.
 *
 * A draw takes one random number: it says which branch, and what is left of it, stretched to the full range, how long.
 */
export class Hyperexponential implements Distribution {
  readonly mean: number
  readonly scv: number
  private readonly shares: Float64Array
  private readonly means: Float64Array
  /** Where each branch's part of the range from 0 to 1 ends. */
  private readonly ends: Float64Array

  constructor(spec: HyperexponentialSpec, path: string) {
    const branches =
      'branches' in spec ? checked(spec.branches, `${path}.branches`) : balanced(spec, path)
    this.shares = Float64Array.from(branches, (branch) => branch.share)
    this.means = Float64Array.from(branches, (branch) => branch.mean)
    this.ends = new Float64Array(branches.length)
    let end = 0
    let mean = 0
    let square = 0
    branches.forEach((branch, i) => {
      end += branch.share
      this.ends[i] = end
      mean += branch.share * branch.mean
      square += branch.share * 2 * branch.mean ** 2
    })
    this.ends[branches.length - 1] = 1
    this.mean = mean
    this.scv = 'branches' in spec ? square / mean ** 2 - 1 : spec.cv ** 2
  }

  fill(into: Float64Array, rng: Rng): void {
    const { ends, means } = this
    rng.fillFloats(into)
    for (let i = 0; i < into.length; i++) {
      const u = into[i]
      let branch = 0
      while (ends[branch] <= u) branch++
      const from = branch === 0 ? 0 : ends[branch - 1]
      // What is left above u, never 0: u is below the end.
      into[i] = -means[branch] * log((ends[branch] - u) / (ends[branch] - from))
    }
  }

  cdf(x: number): number {
    if (x <= 0) return 0
    let below = 0
    let above = 0
    for (let i = 0; i < this.shares.length; i++) {
      below -= this.shares[i] * expm1(-x / this.means[i])
      above += this.shares[i] * exp(-x / this.means[i])
    }
    // The smaller of the two is the more exact.
    return below < above ? below : 1 - above
  }

  quantile(p: number): number {
    return quantileOf((x) => this.cdf(x), p, this.mean)
  }
}

function balanced(spec: { mean: number; cv: number }, path: string): Branch[] {
  const mean = above0(spec.mean, `${path}.mean`)
  const cv = atLeast(spec.cv, 1, `${path}.cv`)
  const scv = cv * cv
  const root = Math.sqrt((scv - 1) / (scv + 1))
  // (1 - root) / 2 without the difference, which would cost the digits of a small share.
  const rare = 1 / ((scv + 1) * (1 + root))
  return [
    { share: 1 - rare, mean: mean / (2 * (1 - rare)) },
    { share: rare, mean: mean / (2 * rare) },
  ]
}

function checked(branches: readonly Branch[], path: string): Branch[] {
  let total = 0
  listed(branches, path).forEach((branch, i) => {
    above0(branch.mean, `${path}[${i}].mean`)
    total += between(branch.share, 0, 1, `${path}[${i}].share`)
  })
  if (Math.abs(total - 1) > 1e-9) {
    throw new RangeError(`${path} must have shares that add up to 1, got ${total}`)
  }
  return branches
    .map(({ share, mean }) => ({ share: share / total, mean }))
    .filter(({ share }) => share > 0)
}
