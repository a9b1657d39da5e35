import { Rng } from '../../proxy/core/rng.ts'

/** Up to this bound every outcome of a die is tried; above, as many as the grid has. */
const MANY = 1000

/** Nobody needs so many dice for one pick; who asks for more is throwing again and again until he likes what he sees. */
const MOST_DICE = 12

/** A pick cannot be enumerated: it needs too many dice. */
export class TooManyDice extends Error {}

/**
 * Dice that show everything: a walk over the tree of all outcomes, one leaf after the other, each with its probability.
 *
 * A fine die (`float`, or `int` with a large bound such as GRAIN) shows the middles of `grid` equal cells. Who compares it with a
 * threshold that is a multiple of 1 / grid is told exactly what he would be told by the die itself.
 */
export class EnumeratedRng extends Rng {
  private readonly grid: number
  /** What each die shows now, and how many sides it has. */
  private readonly shown: number[] = []
  private readonly sides: number[] = []
  private thrown = 0

  constructor(grid: number) {
    super(0)
    this.grid = grid
  }

  /** How likely it is to be here: the product over all dice thrown. */
  get probability(): number {
    return this.sides.reduce((product, sides) => product / sides, 1)
  }

  /** Goes on to the next outcome; false: there is none. The last die changes first. */
  advance(): boolean {
    this.thrown = 0
    while (this.shown.length > 0) {
      const last = this.shown.length - 1
      if (++this.shown[last] < this.sides[last]) return true
      this.shown.pop()
      this.sides.pop()
    }
    return false
  }

  override int(bound: number): number {
    if (bound <= MANY) return this.throw(bound)
    return Math.floor(((this.throw(this.grid) + 0.5) * bound) / this.grid)
  }

  override float(): number {
    return (this.throw(this.grid) + 0.5) / this.grid
  }

  override bits(): number {
    if (this.shown === undefined) return 0 // Still in the constructor of `Rng`, which throws away its first draws.
    return this.int(0x100000000) | 0
  }

  override fillFloats(into: Float64Array): void {
    for (let i = 0; i < into.length; i++) into[i] = this.float()
  }

  override fork(): Rng {
    return this
  }

  private throw(sides: number): number {
    const { shown, thrown } = this
    if (thrown === MOST_DICE) throw new TooManyDice()
    if (thrown === shown.length) {
      shown.push(0)
      this.sides.push(sides)
    }
    this.thrown++
    return shown[thrown]
  }
}
