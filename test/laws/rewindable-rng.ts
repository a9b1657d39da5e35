import { Rng } from '../../proxy/core/rng.ts'

/** Dice that can be set back to where they once were, so that two histories can be compared from some moment on. */
export class RewindableRng extends Rng {
  private dice: Rng
  private drawn = 0
  private marked = 0
  private readonly forks: RewindableRng[] = []

  constructor(seed: number) {
    super(seed)
    this.dice = new Rng(seed)
  }

  override bits(): number {
    if (this.dice === undefined) return 0 // Still in the constructor of `Rng`, which throws away its first draws.
    this.drawn++
    return this.dice.bits()
  }

  override fillFloats(into: Float64Array): void {
    for (let i = 0; i < into.length; i++) into[i] = this.float()
  }

  override fork(label: string): RewindableRng {
    const fork = new RewindableRng(super.fork(label).seed)
    this.forks.push(fork)
    return fork
  }

  /** Remembers where it is now, and so do all its forks. */
  mark(): void {
    this.marked = this.drawn
    for (const fork of this.forks) fork.mark()
  }

  rewind(): void {
    this.dice = new Rng(this.seed)
    for (this.drawn = 0; this.drawn < this.marked; this.drawn++) this.dice.bits()
    for (const fork of this.forks) fork.rewind()
  }
}
