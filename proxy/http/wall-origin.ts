/**
 * The wall clock may be set while we run, and drifts against ours: what is told is the time that it is. But not for less than this, in
 * milliseconds, so that what lies between two times is as it was measured.
 */
const DRIFT = 100

/** What to add to the proxy's clock for Unix time, in milliseconds. */
export class WallOrigin {
  private readonly now: () => number
  private kept: number

  /** `now`: the proxy's clock. */
  constructor(now: () => number) {
    this.now = now
    this.kept = Date.now() - now()
  }

  get value(): number {
    const fresh = Date.now() - this.now()
    if (Math.abs(fresh - this.kept) > DRIFT) this.kept = fresh
    return this.kept
  }
}
