import { late } from '../core/deadlines.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import { isIdempotent } from '../core/retry.ts'
import { Answer } from './answer.ts'
import { Attempt, type AttemptOwner } from './attempt.ts'
import { Counters } from './counters.ts'
import type { Downstream, DownstreamOwner } from './downstream.ts'
import { errorAnswer } from './error-answer.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { DeadlineError, type Failure, NOT_HTTP } from './failure.ts'
import { fieldOf } from './fields.ts'
import { forwardRequestFields } from './request-fields.ts'
import { hear } from './hearing.ts'
import { RequestBody, type RequestBodyOwner } from './request-body.ts'
import type { ForwardedResponse } from './response-fields.ts'
import { isRejection, type Rejection, type RequestHead } from './request-head.ts'

/**
 * One request of a client, from its head to the end of its answer: finds a server, tries it, perhaps tries another, and passes
 * everything on. It decides nothing itself: which server, whether again, for how long is asked of the pure rules.
 */
export class Exchange implements DownstreamOwner, AttemptOwner, RequestBodyOwner {
  readonly request: Downstream
  readonly arrivedAt: number
  readonly attempts: Attempt[] = []
  readonly answer: Answer
  /** Where `Active` keeps it. */
  place = -1
  key = 0
  requestId = ''
  head: RequestHead | undefined
  /** Why it ended, in a fixed word. */
  word = 'ok'
  private readonly context: ExchangeContext
  private body: RequestBody | undefined
  private fields: string[] = []
  private tried: Endpoint[] | undefined
  private freeRetryUsed = false
  /** How it ended for the client; decided before the last byte is out. */
  private outcome: Outcome | undefined
  private finished = false

  constructor(context: ExchangeContext, request: Downstream) {
    this.context = context
    this.request = request
    this.arrivedAt = context.touch()
    this.answer = new Answer(request)
    request.owner = this
  }

  get bytesIn(): number {
    return this.body?.received ?? 0
  }

  /** With a head that may pass, or the reason why it may not. */
  start(head: RequestHead | Rejection): void {
    const { context, request } = this
    context.active.add(this)
    this.requestId = fieldOf(request.fields, 'x-request-id') || context.nextRequestId()
    if (isRejection(head)) {
      this.fail(head.status, head.word, 'aborted')
      return
    }
    this.head = head
    if (context.affinity !== undefined) this.key = context.affinity(request)
    const { address, encrypted, version } = request
    this.fields = forwardRequestFields(request.fields, {
      address,
      encrypted,
      version,
      trusted: context.trusts(address),
      host: head.host,
      length: head.length,
      requestId: this.requestId,
    })
    if (request.body !== undefined) {
      this.body = new RequestBody(request.body, context.clock, context.limits, this)
    }
    context.retry.request()
    this.tryServer()
  }

  /** What is late is ended. Called ten times a second. */
  check(now: number): void {
    const attempt = this.attempts.at(-1)
    if (attempt === undefined) return
    const who = late(this.arrivedAt, attempt, this.body, this.context.timeouts, now)
    if (who === 'client') this.breakOff(408, 'client_timeout', 'aborted')
    else if (who === 'server') this.breakOff(504, 'upstream_timeout', 'timeout')
  }

  /** The proxy ends, and cannot wait. */
  writeOff(): void {
    if (this.outcome === undefined) this.breakOff(503, 'stopping', 'aborted')
    this.finish(this.outcome ?? 'aborted')
  }

  touch(): number {
    return this.context.touch()
  }

  onInterim(_attempt: Attempt, status: number, fields: readonly string[]): void {
    this.request.inform(status, fields)
  }

  onHead(attempt: Attempt, status: number, reason: string, forwarded: ForwardedResponse): void {
    const { body, request } = this
    const { balancer } = this.context
    if (balancer.listens) hear(balancer, attempt.server, forwarded.fields)
    // The server answers before it has all of the request: the rest will not be wanted.
    if (body !== undefined && !body.ended) request.close()
    try {
      this.answer.begin(status, reason, forwarded)
    } catch {
      attempt.fail(NOT_HTTP)
    }
  }

  onData(_attempt: Attempt, chunk: Buffer): boolean {
    return this.answer.write(chunk)
  }

  onEnd(attempt: Attempt, trailers: readonly string[]): void {
    this.settle(attempt)
    this.outcome = attempt.outcome
    if (this.body !== undefined && !this.body.ended) this.body.discard()
    this.answer.end(trailers)
  }

  onFailure(attempt: Attempt, failure: Failure): void {
    const { context } = this
    this.settle(attempt)
    if (failure.outcome !== 'aborted') context.suspect(attempt.server)
    const verdict = context.retry.decide(
      {
        outcome: failure.outcome,
        attempt: this.attempts.length - 1,
        nonsense: failure.nonsense,
        sent: attempt.sentAt >= 0,
        answered: this.answer.begun || attempt.informed,
        idempotent: isIdempotent(this.request.method),
        replayable: this.body?.replayable ?? true,
        staleConnection: attempt.stale,
      },
      this.freeRetryUsed,
    )
    if (verdict === 'again' || verdict === 'free') {
      if (verdict === 'free') this.freeRetryUsed = true
      Counters.increase(
        context.counters.retries,
        attempt.stale ? 'stale_connection' : failure.outcome,
      )
      this.tried ??= []
      this.tried.push(attempt.server)
      this.tryServer()
    } else {
      this.breakOff(failure.status, failure.word, failure.outcome)
    }
  }

  onDrain(): void {
    this.attempts.at(-1)?.resume()
  }

  onDone(): void {
    this.finish(this.outcome ?? 'ok')
  }

  onLeft(): void {
    if (this.outcome === undefined || this.outcome === 'ok') {
      this.word = 'client_left'
      this.outcome = 'aborted'
    }
    this.abandon('aborted')
    this.finish(this.outcome)
  }

  onBadBody(): void {
    if (this.outcome !== undefined) return // It has its answer; nobody wanted the rest.
    this.breakOff(400, 'bad_request', 'aborted')
  }

  onBodyTooLarge(): void {
    if (this.outcome !== undefined) return
    this.breakOff(413, 'body_too_large', 'aborted')
  }

  private tryServer(): void {
    const { attempts, body, context, request } = this
    const server = context.balancer.acquire(this.key, attempts.length, this.tried)
    if (server === undefined) {
      this.fail(503, 'no_server', 'refused')
      return
    }
    const attempt = new Attempt(this, server, context.touch())
    attempts.push(attempt)
    context.upstreamOf(server).send(
      {
        method: request.method,
        path: this.head!.path,
        headers: this.fields,
        body: body === undefined ? null : body.open(),
      },
      attempt,
    )
  }

  /** The one place where a server is given back; an attempt ends once, so it is given back once. */
  private settle(attempt: Attempt): void {
    const { context } = this
    const { outcome, server, verdict } = attempt
    const latency = attempt.endedAt - attempt.startedAt
    context.balancer.release(server, latency, outcome!, verdict)
    context.recorder.attempt(server, latency, outcome!)
    if (attempt.sentAt >= 0) context.counters.connect.record(attempt.sentAt - attempt.startedAt)
  }

  /** The attempt under way, if any, is not waited for. */
  private abandon(outcome: Outcome): void {
    const attempt = this.attempts.at(-1)
    if (attempt === undefined || attempt.over) return
    attempt.abort(outcome, new DeadlineError(this.word))
    this.settle(attempt)
  }

  /** Ends it early: with an answer where the client has none yet, else so that the client can tell. */
  private breakOff(status: number, word: string, outcome: Outcome): void {
    this.abandon(outcome)
    if (!this.answer.begun) {
      this.fail(status, word, outcome)
      return
    }
    this.word = word
    this.outcome = outcome
    this.request.cut()
  }

  /** Answers in the proxy's own name. */
  private fail(status: number, word: string, outcome: Outcome): void {
    const { attempts, body, context, request } = this
    if (attempts.every(({ sentAt }) => sentAt < 0)) {
      Counters.increase(context.counters.refused, word)
    }
    this.word = word
    this.outcome = outcome
    if (body !== undefined && !body.ended) {
      body.discard()
      request.close()
    }
    this.answer.send(status, errorAnswer(status, word, request.fields, this.requestId))
  }

  private finish(outcome: Outcome): void {
    if (this.finished) return
    this.finished = true
    const { context } = this
    context.active.remove(this)
    const now = context.touch()
    if (this.head !== undefined) {
      context.recorder.request(now - this.arrivedAt, this.attempts.length, outcome)
    }
    context.counters.byClass[Math.floor(this.answer.status / 100)]++
    context.log?.write(this, outcome, now)
  }
}
