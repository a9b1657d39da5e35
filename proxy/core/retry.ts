import type { Clock } from './clock.ts'
import { Memory } from './memory.ts'
import type { Outcome } from './recorder.ts'

export interface RetryOptions {
  /** Tries after the first one; 0 switches retries off. */
  attempts: number
  /** The share of requests that may be tried again, 0 to 1. */
  budget: number
  /** Retries that are allowed each second on top, so that a quiet proxy can retry at all. */
  minPerSecond: number
}

/** What is known of a try that failed. */
export interface FailedAttempt {
  outcome: Outcome
  /** Counts from 0. */
  attempt: number
  /** The server did answer, but not in HTTP: another would hardly understand the request better. */
  nonsense: boolean
  /** Some byte of the request may have reached the server. */
  sent: boolean
  /** Some byte of the answer has gone to the client. */
  answered: boolean
  /** The method means the same done twice (RFC 9110, section 9.2.2). */
  idempotent: boolean
  /** Everything read of the request's body is still at hand. */
  replayable: boolean
  /** The connection had served before, and it died before one byte of the answer: most likely it was just being closed. */
  staleConnection: boolean
}

/** `again` and `free` are a yes; `free` costs no budget. The rest says why not. */
export type RetryVerdict =
  | 'again'
  | 'free'
  | 'answered'
  | 'client'
  | 'exhausted'
  | 'late'
  | 'no_budget'
  | 'nonsense'
  | 'unsafe'

/** Methods that mean the same done twice (RFC 9110, section 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
])

export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/** How far back the budget looks, in seconds; Finagle's retry budget does the same. */
const WINDOW = 10

/**
 * Counts are kept by whole seconds. Ten of them reach back between nine and ten seconds, and eleven at least ten: requests
 * earn for the ten, retries are charged for the eleven, so the promise holds wherever the ten seconds begin.
 */
const SLICES = WINDOW + 1

/**
 * Says whether a failed try is made again on another server.
 *
 * Only while nothing of an answer has reached the client; and only if nothing was sent, or the method is idempotent and its body
 * can be sent again. Retries multiply load just when servers have too little room, so they have a budget: in the ten
 * seconds before any retry no more than a share of the requests, plus a floor. (Finagle's RetryBudget; Bronson et al.,
 * "Metastable Failures in Distributed Systems", HotOS 2021.) Where several threads share the memory, they share the budget.
 *
 * One exception: a kept-alive connection that the server closes while an idempotent request is on its way to it is nobody's
 * failure, and gets one try more without using an attempt or budget (RFC 9112, section 9.3.1).
 */
export class RetryPolicy {
  private readonly options: RetryOptions
  private readonly clock: Clock
  private readonly memory: Memory
  /** By second, modulo the slices. */
  private readonly requests: Int32Array
  private readonly retries: Int32Array
  /** Which second each slice counts, and 1 more: 0 means none yet. */
  private readonly seconds: Int32Array

  /** `before`: whose books are gone on with, in place of new ones. */
  constructor(options: RetryOptions, clock: Clock, memory = new Memory(0), before?: RetryPolicy) {
    this.options = options
    this.clock = clock
    this.memory = memory
    this.requests = before?.requests ?? memory.ints(SLICES)
    this.retries = before?.retries ?? memory.ints(SLICES)
    this.seconds = before?.seconds ?? memory.ints(SLICES)
  }

  /** Other rules over the same books: requests under way may keep this one. */
  with(options: RetryOptions): RetryPolicy {
    return new RetryPolicy(options, this.clock, this.memory, this)
  }

  /** Hot: a request has come in, and earns its share of a retry. */
  request(): void {
    const second = Math.floor(this.clock.now / 1000)
    const slice = second % SLICES
    if (this.seconds[slice] <= second) this.begin(slice, second)
    this.memory.add(this.requests, slice, 1)
  }

  /**
   * Judges, and pays for what it allows. `freeUsed`: this request has had its free try.
   */
  decide(failed: FailedAttempt, freeUsed: boolean): RetryVerdict {
    if (failed.outcome === 'aborted') return 'client'
    if (failed.answered) return 'answered'
    // A server that is too slow is most likely busy, and its request may still be running: no second one on top.
    if (failed.outcome === 'timeout') return 'late'
    if (failed.nonsense) return 'nonsense'
    if (failed.sent && !failed.idempotent) return 'unsafe'
    if (!failed.replayable) return 'unsafe'
    if (failed.staleConnection && !freeUsed && this.options.attempts > 0) return 'free'
    const tries = freeUsed ? failed.attempt - 1 : failed.attempt
    if (tries >= this.options.attempts) return 'exhausted'
    return this.spend() ? 'again' : 'no_budget'
  }

  /** How many retries the budget would allow now. */
  get remaining(): number {
    const { budget, minPerSecond } = this.options
    const second = Math.floor(this.clock.now / 1000)
    let earned = minPerSecond * WINDOW
    for (let slice = 0; slice < SLICES; slice++) {
      const age = second + 1 - this.seconds[slice]
      if (age > WINDOW) continue
      if (age < WINDOW) earned += this.requests[slice] * budget
      earned -= this.retries[slice]
    }
    return Math.max(0, earned)
  }

  /** Pays for one more attempt, if the budget allows it. In one go: two threads must not both have the last one. */
  spend(): boolean {
    const second = Math.floor(this.clock.now / 1000)
    const slice = second % SLICES
    if (this.seconds[slice] <= second) this.begin(slice, second)
    const { lock } = this.memory
    lock.enter()
    const rich = this.remaining >= 1
    if (rich) this.retries[slice]++
    lock.leave()
    return rich
  }

  /** The first of a second that passes this slice takes it for that second. */
  private begin(slice: number, second: number): void {
    const { lock } = this.memory
    lock.enter()
    if (this.seconds[slice] <= second) {
      this.requests[slice] = 0
      this.retries[slice] = 0
      this.seconds[slice] = second + 1
    }
    lock.leave()
  }
}
