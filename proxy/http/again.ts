import { timeLeft } from '../core/deadlines.ts'
import { isIdempotent, type RetryVerdict } from '../core/retry.ts'
import type { Attempt } from './attempt.ts'
import type { ExchangeContext } from './exchange-context.ts'
import type { Failure } from './failure.ts'
import type { TriesOwner } from './tries-owner.ts'

/** How far a request has come whose attempt failed. */
interface Progress {
  readonly attempts: readonly Attempt[]
  /** The client was told something of an answer, if only in an interim one. */
  readonly informed: boolean
  readonly freeRetryUsed: boolean
}

/** Asks the rule whether it is tried again; `free`: once, and it costs nothing. */
export function again(
  { clock, retry, timeouts }: ExchangeContext,
  owner: TriesOwner,
  { attempts, freeRetryUsed, informed }: Progress,
  { sentAt, stale }: Attempt,
  failure: Failure,
): RetryVerdict | 'deadline' {
  if (timeLeft(owner.arrivedAt, timeouts.total, clock.now) === 0) return 'deadline'
  return retry.decide(
    {
      outcome: failure.outcome,
      attempt: attempts.length - 1,
      nonsense: failure.nonsense,
      sent: sentAt >= 0 && failure.unprocessed === false,
      answered: owner.answered || informed,
      idempotent: isIdempotent(owner.method),
      replayable: owner.body?.replayable ?? true,
      staleConnection: stale,
    },
    freeRetryUsed,
  )
}
