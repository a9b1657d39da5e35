import { Rng } from '../../proxy/core/rng.ts'
import { Moments } from './moments.ts'

/**
 * Values that pass by: all of them up to a limit, from there on a random sample of that size, in which each is as likely as any other
 * (Vitter's algorithm R, "Random Sampling with a Reservoir", ACM TOMS 11(1), 1985). Moments and extremes are always those of all.
 */
export class Sample {
  readonly moments = new Moments()
  min = Infinity
  max = -Infinity
  private readonly limit: number
  private readonly rng = new Rng(1)
  private values = new Float64Array(1024)
  private kept = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get count(): number {
    return this.moments.count
  }

  /** Whether every value is in it. */
  get whole(): boolean {
    return this.count <= this.limit
  }

  add(value: number): void {
    this.moments.add(value)
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    if (this.kept < this.limit) {
      if (this.kept === this.values.length) this.grow()
      this.values[this.kept++] = value
      return
    }
    const place = Math.floor(this.rng.float() * this.count)
    if (place < this.limit) this.values[place] = value
  }

  /** What is in it, in ascending order. */
  sorted(): Float64Array {
    return this.values.slice(0, this.kept).sort()
  }

  private grow(): void {
    const larger = new Float64Array(Math.min(this.limit, this.values.length * 2))
    larger.set(this.values)
    this.values = larger
  }
}

/** By nearest rank: a value that was really seen. */
export function quantileOf(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}

/** What a tail is estimated from: the largest 5 %, as far as there are ten. */
const TAIL = 0.05
const FEWEST = 10

export interface TailIndex {
  /** The mean is infinite up to 1, the variance up to 2. */
  readonly index: number
  readonly standardError: number
  /** How many of the largest values it was estimated from. */
  readonly from: number
}

/**
 * The index of a Pareto tail by Hill's estimator (Hill, "A Simple General Approach to Inference About the Tail of a Distribution",
 * Annals of Statistics 3(5), 1975); undefined where the values are too few, or end in ties.
 */
export function tailIndex(sorted: Float64Array): TailIndex | undefined {
  const from = Math.floor(sorted.length * TAIL)
  if (from < FEWEST) return undefined
  const threshold = sorted[sorted.length - from - 1]
  if (!(threshold > 0)) return undefined
  let sum = 0
  for (let i = sorted.length - from; i < sorted.length; i++) sum += Math.log(sorted[i] / threshold)
  if (sum === 0) return undefined
  const index = from / sum
  return { index, standardError: index / Math.sqrt(from), from }
}
