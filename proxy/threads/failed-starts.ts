/** Before a thread that could not start is tried again, in milliseconds: at first, and at most. It doubles each time. */
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 30_000

interface Failing {
  count: number
  readonly reasons: Set<string>
}

/** What to do about a thread that could not start. */
interface Verdict {
  /** When to try again, in milliseconds. */
  readonly pause: number
  /** It has not been told yet. */
  readonly news: boolean
}

/**
 * The threads that cannot take the place of one that crashed: a file may be gone that they need, say, and be back tomorrow. As long as
 * others serve that is no reason to end those, nor to try again and again without a pause.
 */
export class FailedStarts {
  private readonly all = new Map<number, Failing>()

  failed(thread: number, reason: string): Verdict {
    let failing = this.all.get(thread)
    if (failing === undefined) this.all.set(thread, (failing = { count: 0, reasons: new Set() }))
    const pause = Math.min(FIRST_PAUSE * 2 ** failing.count++, LONGEST_PAUSE)
    const news = !failing.reasons.has(reason)
    failing.reasons.add(reason)
    return { pause, news }
  }

  /** True: it could not before. */
  started(thread: number): boolean {
    return this.all.delete(thread)
  }
}
