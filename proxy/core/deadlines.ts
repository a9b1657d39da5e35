/** How long each step may take, in milliseconds. */
export interface Deadlines {
  /** From the request's last byte sent to the head of the answer. */
  readonly response: number
  /** Between two pieces of an answer's body, on either side; and of a request's body that the server does not take. */
  readonly idleBody: number
  /** From the whole request to the head of the answer, over all attempts. */
  readonly total: number
  /** Between two pieces of a request's body. */
  readonly clientBody: number
}

/** How far the latest attempt has come. Times are milliseconds of one clock; -1: has not happened. */
export interface AttemptProgress {
  readonly sentAt: number
  readonly headAt: number
  /** When a piece of the answer last came. */
  readonly movedAt: number
  readonly endedAt: number
  /** The client does not take what the attempt brings. */
  readonly paused: boolean
}

/** How far the request's body has come. */
export interface BodyProgress {
  /** Since when the client owes a piece; Infinity while it owes none. */
  readonly waitingSince: number
  /** When it last came forward; -1: not yet. */
  readonly movedAt: number
  readonly ended: boolean
}

/**
 * When an attempt is late that was sent at that time, for a request that came at that time: what is left of `total` may be
 * less than `response`. An owner that waits with an event, and not with ticks, sets it to this.
 */
export function lateAt(arrivedAt: number, sentAt: number, response: number, total: number): number {
  return Math.min(sentAt + response, arrivedAt + total)
}

/** How much of its `total` a request has left, in milliseconds; with nothing left it is not tried again. */
export function timeLeft(arrivedAt: number, total: number, now: number): number {
  return Math.max(0, arrivedAt + total - now)
}

/**
 * Says who is late: the client, a server, or nobody. While a client sends its body, only its own deadline counts; until the
 * head of an answer, the server's; from then on only that the answer moves, however long it is.
 */
export function late(
  arrivedAt: number,
  attempt: AttemptProgress,
  body: BodyProgress | undefined,
  deadlines: Deadlines,
  now: number,
): 'client' | 'server' | undefined {
  const waitingSince = body === undefined ? Infinity : body.waitingSince
  if (now - waitingSince > deadlines.clientBody) return 'client'
  if (attempt.endedAt >= 0) return now - attempt.endedAt > deadlines.idleBody ? 'client' : undefined
  if (attempt.headAt >= 0) {
    if (now - attempt.movedAt <= deadlines.idleBody) return undefined
    return attempt.paused ? 'client' : 'server'
  }
  if (attempt.sentAt < 0 || waitingSince < Infinity) return undefined
  const bodyMovedAt = body === undefined ? -1 : body.movedAt
  const patience = body === undefined || body.ended ? deadlines.response : deadlines.idleBody
  const since = Math.max(arrivedAt, bodyMovedAt)
  const sentAt = Math.max(attempt.sentAt, bodyMovedAt)
  return now > lateAt(since, sentAt, patience, deadlines.total) ? 'server' : undefined
}
