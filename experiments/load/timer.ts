/** Time as a generator sees it; a test can pass its own. */
export interface Timer {
  /** Monotonic milliseconds. */
  now(): number
  /** Gives the way to call it off. */
  after(delay: number, call: () => void): () => void
}

export const REAL_TIME: Timer = {
  now: () => performance.now(),
  after: (delay, call) => {
    const timeout = setTimeout(call, delay)
    return () => clearTimeout(timeout)
  },
}

/** The longest nap, in milliseconds: Node's timers cannot wait much longer than 24 days. */
export const LONGEST_WAIT = 60_000
