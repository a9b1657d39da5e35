import { GRAIN, Rng } from '../../proxy/core/rng.ts'

/**
 * Dice that show what a test wrote down, so that a unit test says what each number means instead of trusting to
 * statistics (the habit is grpc-go's). Throws when asked for more than was written.
 */
export class ScriptedRng extends Rng {
  private readonly script: number[]
  private used = 0

  /** `script`: the 32-bit numbers that `next` gives, in order. `draw` and `fraction` make them. */
  constructor(...script: (number | readonly number[])[]) {
    super(0)
    this.script = script.flat()
  }

  override bits(): number {
    if (this.script === undefined) return 0 // Still in the constructor of `Rng`, which throws away its first draws.
    if (this.used === this.script.length) {
      throw new Error(`the script of ${this.used} numbers is used up`)
    }
    return this.script[this.used++] | 0
  }

  override fillFloats(into: Float64Array): void {
    for (let i = 0; i < into.length; i++) into[i] = this.float()
  }

  override ahead(): ScriptedRng {
    return new ScriptedRng(...this.script.slice(this.used))
  }

  /** How many of the numbers have not been asked for. */
  get left(): number {
    return this.script.length - this.used
  }
}

/** The number that makes `int(bound)` give `value`. */
export function draw(value: number, bound: number): number {
  const drawn = Math.ceil((value * 0x100000000) / bound)
  // A quotient that is a hair above a whole number may have been rounded down to it.
  return Math.floor((drawn / 0x100000000) * bound) < value ? drawn + 1 : drawn
}

/** The number that makes `int(GRAIN) / GRAIN` the largest that is not above `value`. */
export function part(value: number): number {
  return draw(Math.floor(value * GRAIN), GRAIN)
}

/** The two numbers that make `float()` give `value`, to within 2^-53. */
export function fraction(value: number): number[] {
  const high = Math.floor(value * 0x8000000)
  const low = Math.floor((value * 0x8000000 - high) * 0x4000000)
  return [high * 32, low * 64]
}
