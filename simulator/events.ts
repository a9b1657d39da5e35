/**
 * Kinds of events. An event is one integer: its kind in the four lowest bits, above them the number of what it happens to.
 */
/** An attempt reaches its server. */
export const REACH = 0
/** A worker is through with an attempt. */
export const FINISH = 1
/** A server whose workers are shared may be through with the attempt that has least left. */
export const SHARED_FINISH = 2
/** An answer reaches its proxy. */
export const ANSWER = 3
/** The attempts of a proxy may be late. */
export const ATTEMPT_LATE = 4
/** The requests of a proxy may be late. */
export const REQUEST_LATE = 5
/** A request may be tried again. */
export const RETRY = 6
/** A request may get a second attempt beside its first. */
export const HEDGE = 7
/** A closed user has thought. */
export const USER = 8
/** Ten times a second. */
export const TICK = 9
/** A line of the timeline. */
export const CHANGE = 10
/** A pause or restart of a server is over. */
export const RESUME = 11
/** A noisy neighbour begins or ends. */
export const ANTAGONIST = 12
/** A health check of a server by a proxy is due, or has been answered. */
export const CHECK = 13
/** What strategies see is brought up to date. */
export const LOOK = 14
/** The warm-up is over, or the time. */
export const MARK = 15

const BITS = 4

/** The most things of a kind. */
export const MOST = 2 ** (31 - BITS)

export function eventOf(kind: number, index: number): number {
  return (index << BITS) | kind
}

export function kindOf(event: number): number {
  return event & ((1 << BITS) - 1)
}

export function indexOf(event: number): number {
  return event >> BITS
}
