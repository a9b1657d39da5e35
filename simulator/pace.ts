/**
 * How fast the time of a process runs: it goes on as it would have, so many times as fast. While nobody changes that, times are what the process
 * says, to the last bit. (`declare`: see `Clock`.)
 */
export class Pace {
  declare private factor: number
  /** A time of the process, and when that was. */
  declare private inner: number
  declare private outer: number

  constructor() {
    this.factor = 1
    this.inner = 0
    this.outer = 0
  }

  /** From `now` on. */
  change(now: number, factor: number): void {
    this.inner += (now - this.outer) * this.factor
    this.outer = now
    this.factor = factor
  }

  /** When it is that time of the process; never, if its time stands still. */
  outerOf(inner: number): number {
    if (this.outer === 0 && this.factor === 1) return inner
    return this.factor === 0 ? Infinity : this.outer + (inner - this.inner) / this.factor
  }
}
