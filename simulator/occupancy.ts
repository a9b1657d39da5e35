/**
 * How much of a server's time was used: the integrals over time of how many it had in hand and how many of its workers were busy. Between two
 * changes both stand still, so the sums are exact.
 */
export class Occupancy {
  readonly workers: number
  private since = 0
  private closed = false
  /** Of requests in hand, in request-milliseconds. */
  present = 0
  /** Of busy workers, in worker-milliseconds. */
  busy = 0
  /** The most in hand at a time. */
  most = 0

  constructor(workers: number) {
    this.workers = workers
  }

  /** Hot: just before a change; so many were in hand until now. */
  settle(now: number, inHand: number): void {
    if (this.closed) return
    const span = now - this.since
    this.since = now
    this.present += span * inHand
    this.busy += span * (inHand < this.workers ? inHand : this.workers)
    if (inHand > this.most) this.most = inHand
  }

  /** Measures from here on. */
  restart(now: number, inHand: number): void {
    this.settle(now, inHand)
    this.present = 0
    this.busy = 0
    this.most = inHand
  }

  /** Measures no further than this. */
  close(now: number, inHand: number): void {
    this.settle(now, inHand)
    this.closed = true
  }
}
