import { Decision } from '../core/decision.ts'
import type { Outcome } from '../core/recorder.ts'
import type { RetryVerdict } from '../core/retry.ts'
import type { Attempt } from './attempt.ts'
import type { Exchange } from './exchange.ts'
import type { AttemptStory, RequestStory, RequestSummary } from './request-story.ts'

export type { RequestStory, RequestSummary } from './request-story.ts'

/** So many attempts of a request are kept: nearly all have one or two. */
export const MOST_ATTEMPTS = 8
/** Ids and targets are whatever clients send: of longer ones only the beginning is kept. */
const MOST_CHARACTERS = 200

const RETRY_WORDS: Readonly<Record<RetryVerdict | 'deadline', string>> = {
  again:
    'tried again, which is allowed for this method and what was sent, and paid from the budget',
  free: 'tried again without using the budget: a kept connection was just being closed',
  answered: 'not again: the client has got some of the answer',
  client: 'not again: the client left, or its request cannot be forwarded',
  deadline: 'not again: its time is over',
  exhausted: 'not again: it has had all its tries',
  late: 'not again: a server that is too slow may still be at it',
  no_budget: 'not again: the budget of retries is used up',
  nonsense: 'not again: the server did answer, though not in HTTP',
  unsafe: 'not again: some of it was sent, and the method or the body cannot be sent twice',
}

/** One request, to keep. Filled again and again: its numbers take the place of those of another. */
export class KeptRequest {
  id = ''
  server: string | null = null
  outcome: Outcome | null = null
  /** When it came, by the proxy's clock. */
  arrivedAt = -1
  private method = ''
  private target = ''
  private status = 0
  private word = ''
  private waited = -1
  private total = 0
  private count = 0
  private turnedAway: Decision | undefined = undefined
  private readonly attempts: KeptAttempt[] = []

  /** `outcome` null: it is still under way. Gives back who of `spare` is used no more. */
  keep(exchange: Exchange, outcome: Outcome | null, now: number, spare: Decision[]): void {
    const { arrivedAt, request, tries } = exchange
    this.id = cut(exchange.requestId)
    this.server = tries.decisive?.server.id ?? null
    this.outcome = outcome
    this.arrivedAt = arrivedAt
    this.method = request.method
    this.target = cut(request.target)
    this.status = exchange.answer.status
    this.word = exchange.word
    this.waited = tries.waited
    this.total = now - arrivedAt
    this.count = tries.attempts.length
    if (this.turnedAway !== undefined) spare.push(this.turnedAway)
    this.turnedAway = exchange.turnedAway
    for (let i = 0; i < MOST_ATTEMPTS; i++) {
      const kept = this.attempts[i]
      if (kept?.decision !== undefined) spare.push(kept.decision)
      if (i < this.count)
        (this.attempts[i] ??= new KeptAttempt()).keep(tries.attempts[i], arrivedAt)
      else if (kept === undefined) break
      else kept.decision = undefined
    }
  }

  /** `origin`: adds to the proxy's clock to give Unix time. */
  summary(origin: number): RequestSummary {
    const { arrivedAt, count, id, method, outcome, server, status, target, total, word } = this
    return {
      id,
      time: new Date(origin + arrivedAt).toISOString(),
      method,
      target,
      status: status || null,
      outcome,
      end: outcome === null ? null : word,
      server,
      attempts: count,
      total: round(total),
    }
  }

  story(origin: number): RequestStory {
    const { attempts, count, turnedAway, waited } = this
    const kept = attempts.slice(0, Math.min(count, MOST_ATTEMPTS))
    return {
      ...this.summary(origin),
      waited: waited < 0 ? null : round(waited),
      attempts: kept.map((attempt) => attempt.story),
      attemptsNotKept: count - kept.length,
      turnedAway: turnedAway?.explanation ?? null,
    }
  }
}

class KeptAttempt {
  decision: Decision | undefined = undefined
  private server = ''
  private hedge = false
  private outcome: Outcome | undefined = undefined
  private retry: RetryVerdict | 'deadline' | undefined = undefined
  /** Milliseconds; below 0: never. */
  private start = 0
  private connect = -1
  private firstByte = -1
  private total = -1

  keep(attempt: Attempt, arrivedAt: number): void {
    const { endedAt, headAt, sentAt, startedAt } = attempt
    this.server = attempt.server.id
    this.hedge = attempt.hedge
    this.outcome = attempt.outcome
    this.retry = attempt.retry
    this.start = startedAt - arrivedAt
    this.connect = sentAt < 0 ? -1 : sentAt - startedAt
    this.firstByte = headAt < 0 ? -1 : headAt - startedAt
    this.total = endedAt < 0 ? -1 : endedAt - startedAt
    this.decision = attempt.decision
  }

  get story(): AttemptStory {
    const { decision, hedge, outcome, retry, server } = this
    return {
      server,
      hedge,
      outcome: outcome ?? null,
      start: round(this.start),
      connect: timeOrNull(this.connect),
      firstByte: timeOrNull(this.firstByte),
      total: timeOrNull(this.total),
      retry: retry === undefined ? null : { verdict: retry, why: RETRY_WORDS[retry] },
      decision: decision?.explanation ?? null,
    }
  }
}

function timeOrNull(time: number): number | null {
  return time < 0 ? null : round(time)
}

/** To a microsecond. */
function round(time: number): number {
  return Math.round(time * 1000) / 1000
}

/** A copy: a piece of a long string would keep all of it alive. */
export function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text
  return Buffer.from(text.slice(0, MOST_CHARACTERS), 'latin1').toString('latin1')
}
