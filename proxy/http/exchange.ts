import { STATUS_CODES } from 'node:http'
import { late } from '../core/deadlines.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import { isIdempotent } from '../core/retry.ts'
import { Attempt, type AttemptOwner } from './attempt.ts'
import { Counters } from './counters.ts'
import type { Downstream, DownstreamOwner } from './downstream.ts'
import { errorAnswer } from './error-answer.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { DeadlineError, type Failure } from './failure.ts'
import { fieldOf } from './fields.ts'
import { forwardRequestFields } from './request-fields.ts'
import { RequestBody, type RequestBodyOwner } from './request-body.ts'
import { isRejection, readRequestHead, type RequestHead } from './request-head.ts'

/**
 * One request of a client, from its head to the end of its answer: finds a server, tries it, perhaps tries another, and passes
 * everything on. It decides nothing itself: which server, whether again, for how long is asked of the pure rules.
 */
export class Exchange implements DownstreamOwner, AttemptOwner, RequestBodyOwner {
  readonly request: Downstream
  readonly arrivedAt: number
  readonly attempts: Attempt[] = []
  /** Where `Active` keeps it. */
  place = -1
  key = 0
  requestId = ''
  head: RequestHead | undefined
  /** Of the answer: 0 until there is one. */
  status = 0
  bytesOut = 0
  /** Why it ended, in a fixed word. */
  word = 'ok'
  private readonly context: ExchangeContext
  private body: RequestBody | undefined
  private fields: string[] = []
  private tried: Endpoint[] | undefined
  private freeRetryUsed = false
  private headSent = false
  private flushed = false
  /** Bytes that the answer announced; -1 for none. */
  private length = -1
  /** The whole of a small answer's body, until its end is certain. */
  private held: Buffer | undefined
  /** How it ended for the client; decided before the last byte is out. */
  private outcome: Outcome | undefined
  private finished = false

  constructor(context: ExchangeContext, request: Downstream) {
    this.context = context
    this.request = request
    this.arrivedAt = context.touch()
    request.owner = this
  }

  get bytesIn(): number {
    return this.body?.received ?? 0
  }

  start(): void {
    const { context, request } = this
    context.active.add(this)
    this.requestId = fieldOf(request.fields, 'x-request-id') ?? context.nextRequestId()
    const head = request.rejection ?? readRequestHead(request, context.limits)
    if (isRejection(head)) {
      request.close() // What follows may be this request's body: nothing of it can be trusted to be a request.
      Counters.increase(context.counters.refused, head.word)
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

  touch(): number {
    return this.context.touch()
  }

  onInterim(_attempt: Attempt, status: number, fields: readonly string[]): void {
    if (!this.headSent) this.request.inform(status, fields)
  }

  onHead(attempt: Attempt, status: number, reason: string, fields: string[], length: number): void {
    const { body, request } = this
    // The server answers before it has all of the request: the rest will not be wanted.
    if (body !== undefined && !body.ended) request.close()
    try {
      request.head(status, reason, fields)
    } catch {
      attempt.abort('error', new DeadlineError('answer is not HTTP'))
      this.settle(attempt)
      this.fail(502, 'upstream_invalid', 'error')
      return
    }
    this.status = status
    this.length = length
    this.headSent = true
    // A small answer has its body in the same packet, and then goes out in one write. Otherwise the head goes alone.
    process.nextTick(flushLater, this)
  }

  onData(_attempt: Attempt, chunk: Buffer): boolean {
    const first = this.bytesOut === 0
    this.bytesOut += chunk.length
    if (first && !this.flushed && chunk.length === this.length) {
      this.held = chunk
      return true
    }
    this.flushed = true
    return this.request.write(chunk)
  }

  onEnd(attempt: Attempt, trailers: readonly string[]): void {
    this.settle(attempt)
    this.outcome = attempt.outcome
    if (this.body !== undefined && !this.body.ended) this.body.discard()
    const { held } = this
    this.held = undefined
    this.flushed = true
    this.request.end(held, trailers)
  }

  onFailure(attempt: Attempt, failure: Failure): void {
    const { context } = this
    this.settle(attempt)
    if (failure.outcome !== 'aborted') context.suspect(attempt.server)
    const stale = attempt.reused && attempt.headAt < 0 && failure.word === 'upstream_reset'
    const verdict = context.retry.decide(
      {
        outcome: failure.outcome,
        attempt: this.attempts.length - 1,
        nonsense: failure.nonsense,
        sent: attempt.sentAt >= 0,
        answered: this.headSent,
        idempotent: isIdempotent(this.request.method),
        replayable: this.body?.replayable ?? true,
        staleConnection: stale,
      },
      this.freeRetryUsed,
    )
    if (verdict === 'again' || verdict === 'free') {
      if (verdict === 'free') this.freeRetryUsed = true
      Counters.increase(context.counters.retries, stale ? 'stale_connection' : failure.outcome)
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
    Counters.increase(this.context.counters.refused, 'bad_request')
    this.breakOff(400, 'bad_request', 'aborted')
  }

  onBodyTooLarge(): void {
    if (this.outcome !== undefined) return
    Counters.increase(this.context.counters.refused, 'body_too_large')
    this.breakOff(413, 'body_too_large', 'aborted')
  }

  /** For the context: the head goes out now, if nothing has taken it along. */
  flush(): void {
    if (this.flushed || !this.headSent) return
    this.flushed = true
    if (this.held === undefined) this.request.flush()
    else this.request.write(this.held)
    this.held = undefined
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
    const { outcome, server } = attempt
    const latency = attempt.endedAt - attempt.startedAt
    context.balancer.release(server, latency, outcome!)
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
    if (!this.headSent) {
      this.fail(status, word, outcome)
      return
    }
    this.word = word
    this.outcome = outcome
    this.request.cut()
  }

  /** Answers in the proxy's own name. */
  private fail(status: number, word: string, outcome: Outcome): void {
    const { body, request } = this
    this.word = word
    this.outcome = outcome
    this.status = status
    this.headSent = this.flushed = true
    if (body !== undefined && !body.ended) {
      body.discard()
      request.close()
    }
    const answer = errorAnswer(status, word, request.fields, this.requestId)
    this.bytesOut = answer.body.length
    request.head(status, STATUS_CODES[status] ?? '', answer.fields)
    request.end(answer.body)
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
    context.counters.byClass[Math.floor(this.status / 100)]++
    context.log?.write(this, outcome, now)
  }
}

function flushLater(exchange: Exchange): void {
  exchange.flush()
}
