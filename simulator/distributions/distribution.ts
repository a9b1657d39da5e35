import type { Rng } from '../../proxy/core/rng.ts'

/** What queueing formulas ask of a distribution. */
export interface Moments {
  readonly mean: number
  /** The squared coefficient of variation: variance / mean^2. 0 where the mean is 0. */
  readonly scv: number
}

/**
 * How amounts from 0 up are spread.
 *
 * Draws use nothing of `Math` that engines may round as they please: see `proxy/core/logarithm.ts`. One seed gives the same bits in Node and
 * in Chromium.
 */
export interface Distribution extends Moments {
  /**
   * Fills the whole array with draws. A draw costs a number of random numbers that depends on the type alone (and an Erlang's
   * stages), and is a non-decreasing function of them wherever that is possible: two runs under one seed that differ in a figure
   * meet the same requests, a little larger or smaller (common random numbers).
   */
  fill(into: Float64Array, rng: Rng): void
  /** How likely a draw is to be at most `x`. */
  cdf(x: number): number
  /** The least amount that a draw is at most with probability `p`, for p from 0 to 1. */
  quantile(p: number): number
}

/** A distribution drawn by inversion: one random number a draw. */
export abstract class Inverted implements Distribution {
  abstract readonly mean: number
  abstract readonly scv: number
  private readonly one = new Float64Array(1)

  /** Turns each probability (from 0 to 1) into its quantile, in place. */
  protected abstract invert(values: Float64Array): void

  abstract cdf(x: number): number

  fill(into: Float64Array, rng: Rng): void {
    rng.fillFloats(into)
    this.invert(into)
  }

  quantile(p: number): number {
    this.one[0] = p
    this.invert(this.one)
    return this.one[0]
  }
}
