import { late, timeLeft } from '../core/deadlines.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import { isIdempotent } from '../core/retry.ts'
import type { Ticket } from '../core/waiting-line.ts'
import { Attempt, type AttemptOwner } from './attempt.ts'
import { Counters } from './counters.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { DeadlineError, type Failure } from './failure.ts'
import { hear } from './hearing.ts'
import type { RequestBody } from './request-body.ts'
import type { ForwardedResponse } from './response-fields.ts'

/** Who is told what a request's tries come to: the exchange that it belongs to. */
export interface TriesOwner {
  readonly arrivedAt: number
  readonly method: string
  readonly body: RequestBody | undefined
  /** The client has been given a head. */
  readonly answered: boolean
  onInterim(status: number, fields: readonly string[]): void
  /** Throws for fields that are no HTTP. */
  onHead(status: number, reason: string, forwarded: ForwardedResponse): void
  /** False: no more until `Tries.resume`. */
  onData(chunk: Buffer): boolean
  onEnd(outcome: Outcome, trailers: readonly string[]): void
  /** They came to nothing. */
  onFailure(status: number, word: string, outcome: Outcome): void
}

/**
 * A request on the servers' side: finds a server, or waits in the line for one, tries it, perhaps tries another. Whatever is taken for
 * a request is given back here: its place in the line, and every server.
 */
export class Tries implements AttemptOwner, Ticket {
  /** All of them, in order. */
  readonly attempts: Attempt[] = []
  /** The one whose answer the client gets. */
  chosen: Attempt | undefined = undefined
  /** How long it has waited for room, in milliseconds; -1: it never had to. */
  waited = -1
  key = 0
  tried: Endpoint[] | undefined = undefined
  /** For the line. */
  waitingSince = -1
  ahead: Ticket | undefined = undefined
  behind: Ticket | undefined = undefined
  private readonly context: ExchangeContext
  private readonly owner: TriesOwner
  private path = ''
  private fields: readonly string[] = NO_FIELDS
  private joinedAt = 0
  private freeRetryUsed = false
  /** The client was told something of an answer, if only in an interim one. */
  private informed = false

  constructor(context: ExchangeContext, owner: TriesOwner) {
    this.context = context
    this.owner = owner
  }

  /** For the line: how many were before. */
  get attempt(): number {
    return this.attempts.length
  }

  /** No server saw a byte of it. */
  get unsent(): boolean {
    return this.attempts.every(({ sentAt }) => sentAt < 0)
  }

  /** The one that says how it went: the one that answered, or the latest. */
  get decisive(): Attempt | undefined {
    return this.chosen ?? this.attempts.at(-1)
  }

  begin(key: number, path: string, fields: readonly string[]): void {
    this.key = key
    this.path = path
    this.fields = fields
    this.context.retry.request()
    this.next()
  }

  /** Says who is late, if anybody is. */
  check(now: number): 'client' | 'server' | undefined {
    const { arrivedAt, body } = this.owner
    const { timeouts } = this.context
    if (this.waitingSince >= 0) {
      if (timeLeft(arrivedAt, timeouts.total, now) === 0) this.leaveInVain()
      return undefined
    }
    const attempt = this.decisive
    return attempt === undefined ? undefined : late(arrivedAt, attempt, body, timeouts, now)
  }

  /** Nothing of it is waited for any more. */
  abandon(outcome: Outcome): void {
    if (this.context.line.leave(this)) this.countWait()
    for (const attempt of this.attempts) if (!attempt.over) this.drop(attempt, outcome)
  }

  resume(): void {
    this.chosen?.resume()
  }

  /** The line found room. */
  admitted(server: Endpoint): void {
    this.countWait()
    this.launch(server)
  }

  /** The line let it wait too long. */
  waitedInVain(): void {
    this.countWait()
    this.owner.onFailure(503, 'queue_timeout', 'refused')
  }

  touch(): number {
    return this.context.touch()
  }

  onInterim(_attempt: Attempt, status: number, fields: readonly string[]): void {
    this.informed = true
    this.owner.onInterim(status, fields)
  }

  /** Throws for fields that are no HTTP. */
  onHead(attempt: Attempt, status: number, reason: string, forwarded: ForwardedResponse): void {
    const { balancer } = this.context
    if (balancer.listens) hear(balancer, attempt.server, forwarded.fields)
    this.chosen = attempt
    this.owner.onHead(status, reason, forwarded)
  }

  onData(_attempt: Attempt, chunk: Buffer): boolean {
    return this.owner.onData(chunk)
  }

  onEnd(attempt: Attempt, trailers: readonly string[]): void {
    this.settle(attempt)
    this.owner.onEnd(attempt.outcome!, trailers)
  }

  onFailure(attempt: Attempt, failure: Failure): void {
    const { context, owner } = this
    this.settle(attempt)
    if (failure.outcome !== 'aborted') context.suspect(attempt.server)
    if (this.again(attempt, failure)) {
      this.tried ??= []
      this.tried.push(attempt.server)
      this.next()
    } else {
      owner.onFailure(failure.status, failure.word, failure.outcome)
    }
  }

  private again(attempt: Attempt, failure: Failure): boolean {
    const { context, owner } = this
    const { outcome } = failure
    if (timeLeft(owner.arrivedAt, context.timeouts.total, context.clock.now) === 0) return false
    const verdict = context.retry.decide(
      {
        outcome,
        attempt: this.attempts.length - 1,
        nonsense: failure.nonsense,
        sent: attempt.sentAt >= 0,
        answered: owner.answered || this.informed,
        idempotent: isIdempotent(owner.method),
        replayable: owner.body?.replayable ?? true,
        staleConnection: attempt.stale,
      },
      this.freeRetryUsed,
    )
    if (verdict !== 'again' && verdict !== 'free') return false
    if (verdict === 'free') this.freeRetryUsed = true
    Counters.increase(context.counters.retries, attempt.stale ? 'stale_connection' : outcome)
    return true
  }

  /** Finds a server; or it waits, or ends. */
  private next(): void {
    const { context, owner } = this
    const found = context.line.enter(this)
    if (typeof found === 'object') this.launch(found)
    else if (found === 'waits') this.joinedAt = this.waitingSince
    else owner.onFailure(503, found === 'no_server' ? found : 'queue_full', 'refused')
  }

  private launch(server: Endpoint): void {
    const { attempts, context, owner } = this
    const { body, method } = owner
    const attempt = new Attempt(this, server, context.touch())
    attempts.push(attempt)
    const headers = this.fields
    const { path } = this
    const sent = { method, path, headers, body: body === undefined ? null : body.open() }
    context.upstreamOf(server).send(sent, attempt)
  }

  private drop(attempt: Attempt, outcome: Outcome): void {
    attempt.abort(outcome, new DeadlineError('given up'))
    this.settle(attempt)
  }

  /** The one place where a server is given back; an attempt ends once, so it is given back once. */
  private settle(attempt: Attempt): void {
    const { context } = this
    const { outcome, server, verdict } = attempt
    const latency = attempt.endedAt - attempt.startedAt
    context.balancer.release(server, latency, outcome!, verdict)
    context.recorder.attempt(server, latency, outcome!)
    if (attempt.sentAt >= 0) context.counters.connect.record(attempt.sentAt - attempt.startedAt)
    context.room.made()
  }

  private leaveInVain(): void {
    this.context.line.leave(this)
    this.waitedInVain()
  }

  private countWait(): void {
    this.waited = Math.max(0, this.waited) + this.context.touch() - this.joinedAt
  }
}

const NO_FIELDS: readonly string[] = []
