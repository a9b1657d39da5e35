import { Welford } from '../statistics/interval.ts'

/** Count, mean and spread of all numbers that there are, not of a sample of them. */
export class Moments extends Welford {
  /** Divided by their number: no estimate for others. */
  override get variance(): number {
    return this.squares / this.count
  }

  /** The coefficient of variation: the standard deviation over the mean. */
  get cv(): number {
    return Math.sqrt(this.variance) / this.mean
  }
}
