/** Puts the times of a trace on a line that begins with its first entry, and keeps account of what they are like. */
export class Timeline {
  entries = 0
  /** Entries at the very time of the entry before. */
  ties = 0
  /** Entries before the time of the entry before. */
  backwardSteps = 0
  /** The time of the first entry, in the file's own seconds. */
  origin = 0
  /** The largest number of microseconds that divides every time: what the clock really resolves. 0: it never changes. */
  grain = 0
  private previous = 0
  /** The least and the greatest time, in milliseconds since the first entry. */
  private earliest = 0
  private latest = 0

  /** Milliseconds from the earliest entry to the latest. */
  get span(): number {
    return this.latest - this.earliest
  }

  /** The time of the earliest entry, in the file's own seconds. */
  get start(): number {
    return this.earliest === 0 ? this.origin : this.origin + this.earliest / 1e3
  }

  /** Milliseconds since the first entry. A difference of Unix times is good to a microsecond, and rounded to it. */
  place(seconds: number): number {
    if (this.entries === 0) {
      this.origin = seconds
      this.grain = 0
    }
    const micro = Math.round((seconds - this.origin) * 1e6)
    const t = micro / 1e3
    if (this.entries > 0) {
      if (t === this.previous) this.ties++
      else if (t < this.previous) this.backwardSteps++
    }
    if (this.grain === 0 || micro % this.grain !== 0) this.grain = divisor(this.grain, micro)
    this.entries++
    this.previous = t
    if (t < this.earliest) this.earliest = t
    else if (t > this.latest) this.latest = t
    return t
  }
}

/** The greatest common divisor (Euclid). */
function divisor(a: number, b: number): number {
  a = Math.abs(a)
  b = Math.abs(b)
  while (b !== 0) [a, b] = [b, a % b]
  return a
}
