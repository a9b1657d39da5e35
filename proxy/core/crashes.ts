/** So many within so many milliseconds are no accident any more. */
export const MOST_CRASHES = 5
export const CRASH_WINDOW = 10_000

/** Says when to stop replacing what crashes. */
export class Crashes {
  private times: number[] = []

  /** One more, at that time. True: too many in a short time. */
  record(now: number): boolean {
    this.times = [...this.times.filter((time) => now - time < CRASH_WINDOW), now]
    return this.times.length >= MOST_CRASHES
  }
}
