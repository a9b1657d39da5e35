/**
 * The time, as pure code sees it: a number that somebody else moves.
 *
 * The proxy sets `now` from a monotonic clock once an event, the simulator from its event queue, a test by hand. Pure
 * code only reads it, so the same decision comes out of all three worlds.
 */
export class Clock {
  /**
   * Milliseconds since an arbitrary start; never moves backwards. (`declare`, since Node leaves of a field that is only declared one that holds
   * `undefined` until it is set. To such a field every number is written as an object of its own, 16 bytes; to this one in place.)
   */
  declare now: number

  constructor(now = 0) {
    this.now = now
  }
}
