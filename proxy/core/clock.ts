/**
 * The time, as pure code sees it: a number that somebody else moves.
 *
 * The proxy sets `now` from a monotonic clock once an event, the simulator from its event queue, a test by hand. Pure
 * code only reads it, so the same decision comes out of all three worlds.
 */
export class Clock {
  /** Milliseconds since an arbitrary start; never moves backwards. */
  now: number

  constructor(now = 0) {
    this.now = now
  }
}
