import type { Clock } from '../core/clock.ts'

/** So many a second are made anew, for whoever wants to see at once what was done. */
const FREE = 20
/** Beyond that, one as old as this will do, in milliseconds. */
const OLD = 100

/** Bytes that take long to make, and that somebody may ask for in a flood: made when asked for, but not each time then. */
export class Sparing {
  private readonly clock: Clock
  private second = -1
  private made = 0
  private madeAt = -Infinity
  private bytes: Buffer | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** What there is, if that is good enough. */
  get kept(): Buffer | undefined {
    const { now } = this.clock
    const second = Math.floor(now / 1000)
    if (second !== this.second) {
      this.second = second
      this.made = 0
    }
    return this.made >= FREE && now - this.madeAt < OLD ? this.bytes : undefined
  }

  keep(text: string): Buffer {
    this.made++
    this.madeAt = this.clock.now
    this.bytes = Buffer.from(text)
    return this.bytes
  }
}
