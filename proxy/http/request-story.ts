import type { Explanation } from '../core/decision.ts'
import type { Outcome } from '../core/recorder.ts'
import type { RetryVerdict } from '../core/retry.ts'

/** A request as lists show it. Times are milliseconds; null: it never came to that. */
export interface RequestSummary {
  id: string
  /** When it came: ISO 8601. */
  time: string
  method: string
  target: string
  /** Null while it is under way. */
  status: number | null
  outcome: Outcome | null
  /** Why it ended, in a fixed word. */
  end: string | null
  server: string | null
  attempts: number
  total: number
}

/** All that is kept of a request. */
export interface RequestStory extends Omit<RequestSummary, 'attempts'> {
  /** How long it waited because every server was full; null: it never had to. */
  waited: number | null
  attempts: AttemptStory[]
  attemptsNotKept: number
  /** Why no server got it in the end; null: one did, or it ended for another reason. */
  turnedAway: Explanation | null
}

export interface AttemptStory {
  server: string
  /** It was made beside the first, which took long. */
  hedge: boolean
  outcome: Outcome | null
  /** Since the request came; the others since this attempt began. */
  start: number
  connect: number | null
  firstByte: number | null
  total: number | null
  /** Whether it was tried again after that, and why or why not; null: it did not come to that question. */
  retry: { verdict: RetryVerdict | 'deadline'; why: string } | null
  decision: Explanation | null
}
