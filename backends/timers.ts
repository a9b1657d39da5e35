/** The time of the world that a fake lives in: the real one, or one that a test moves by hand. */
export interface Timers {
  /** Milliseconds since an arbitrary start. */
  now(): number
  /** Calls `fire` with `subject` after `delay` milliseconds; gives what `stop` takes. */
  start<T>(delay: number, fire: (subject: T) => void, subject: T): unknown
  stop(timer: unknown): void
}

/** Node's timers count whole milliseconds, so service takes up to about one longer than drawn: the answers say how long it took. */
export const realTimers: Timers = {
  now: () => performance.now(),
  start: (delay, fire, subject) => setTimeout(fire, delay, subject),
  stop: (timer) => clearTimeout(timer as NodeJS.Timeout),
}
