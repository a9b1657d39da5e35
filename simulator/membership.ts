/** Since when a server is in the pool, until when, and what it is due there: its weight, averaged over the time that is measured. */
export class Membership {
  private readonly joinedAt: number
  private leftAt = Infinity
  private weight: number
  private since: number
  /** Of the weights before the latest, in weight-milliseconds. */
  private before = 0

  constructor(now: number, weight: number) {
    this.joinedAt = now
    this.since = now
    this.weight = weight
  }

  /** It is due so much from here on; 0 while operators keep it out. */
  setWeight(now: number, weight: number): void {
    this.before += this.weight * (now - this.since)
    this.since = now
    this.weight = weight
  }

  /** For good: it does not come back. */
  leave(now: number): void {
    if (now < this.leftAt) this.leftAt = now
  }

  /** Measures from here on. */
  restart(now: number): void {
    this.before = 0
    this.since = now
  }

  /** How much of the time from `start` to `end` it was there. */
  spanOf(start: number, end: number): number {
    return Math.max(0, Math.min(end, this.leftAt) - Math.max(start, this.joinedAt))
  }

  /** Its weight, averaged over all of the time from `start` to `end`: 0 while it was not there. */
  weightOf(start: number, end: number): number {
    const whole = end - start
    // Exact, and so the same to the last bit, where nothing ever changed.
    if (this.before === 0 && this.since <= start && this.leftAt >= end) return this.weight
    const latest = this.weight * Math.max(0, Math.min(end, this.leftAt) - this.since)
    return whole > 0 ? (this.before + latest) / whole : 0
  }
}
