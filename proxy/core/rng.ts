import { fmix32, hash32 } from './hash.ts'

/**
 * `int(GRAIN)` is the finest fraction for a hot path: an engine that does not inline the call boxes what `float` gives, 16 bytes
 * a draw, and never an integer below 2^30.
 */
export const GRAIN = 2 ** 30

/**
 * Seeded dice: the generator sfc32 of Chris Doty-Humphrey's PractRand (2010), which passes BigCrush, has a period of at
 * least 2^32 for every seed and needs four 32-bit words.
 *
 * Streams are forked by name, and a fork depends on seed and label only, never on how many numbers were drawn before. So
 * arrivals, work, faults and strategy each have a stream of their own, and two strategies compared under one seed meet
 * the very same traffic (common random numbers).
 */
export class Rng {
  /** What the stream was made from; 32 bits. */
  readonly seed: number
  private a: number
  private b: number
  private c: number
  private counter: number
  private twin: Rng | undefined

  constructor(seed: number) {
    this.seed = seed >>> 0
    this.twin = undefined
    // Neighbouring seeds must not give related streams: each word is mixed, and the first draws are thrown away.
    this.a = fmix32(this.seed + 0x9e3779b9) | 0
    this.b = fmix32(this.a ^ 0x85ebca6b) | 0
    this.c = fmix32(this.b + this.seed) | 0
    this.counter = 1
    for (let i = 0; i < 20; i++) this.bits()
  }

  /** A stream of its own for `label`: the same for the same seed and label, whatever was drawn from this one. */
  fork(label: string): Rng {
    return new Rng(hash32(label, this.seed))
  }

  /** Dice that will show what these will, for whoever wants to know without using it up. The same object each time. */
  ahead(): Rng {
    const twin = (this.twin ??= new Rng(this.seed))
    twin.a = this.a
    twin.b = this.b
    twin.c = this.c
    twin.counter = this.counter
    return twin
  }

  /** The next 32 random bits, as an integer from 0 to 2^32 - 1. */
  next(): number {
    return this.bits() >>> 0
  }

  /** The next 32 random bits, as an integer from -2^31 to 2^31 - 1: of a size that the engine never boxes. */
  bits(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum
  }

  /** A number from 0 (possible) to 1 (never), with 53 random bits. */
  float(): number {
    const high = this.bits() >>> 5
    const low = this.bits() >>> 6
    return (high * 0x4000000 + low) / 0x20000000000000
  }

  /**
   * Fills the whole array with what as many calls of `float` would give, for whoever needs many at a time: the state stays in
   * registers, and nothing is boxed. Goes past `bits` and `float`: a
   * class that overrides one of them overrides this too.
   */
  fillFloats(into: Float64Array): void {
    let { a, b, c, counter } = this
    for (let i = 0; i < into.length; i++) {
      const high = (((a + b) | 0) + counter) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + high) | 0
      const low = (((a + b) | 0) + ((counter + 1) | 0)) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + low) | 0
      counter = (counter + 2) | 0
      into[i] = ((high >>> 5) * 0x4000000 + (low >>> 6)) * 2 ** -53
    }
    this.a = a
    this.b = b
    this.c = c
    this.counter = counter
  }

  /**
   * An integer from 0 to `bound` - 1, for a bound up to 2^32. Multiplies instead of rejecting (Lemire, "Fast Random Integer
   * Generation in an Interval", ACM TOMACS 29(1), 2019), so one value is likelier than another by at most bound / 2^32.
   */
  int(bound: number): number {
    return (((this.bits() >>> 0) / 0x100000000) * bound) >>> 0 // Cuts off as Math.floor does, sooner.
  }

  /**
   * Likewise, but never `taken`: drawn from one number less, and steps over that one. Without a branch: no processor could
   * predict it.
   */
  other(bound: number, taken: number): number {
    const number = this.int(bound - 1)
    return number - ((taken - number - 1) >> 31)
  }
}
