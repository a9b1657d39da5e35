import type { Duplex } from 'node:stream'
import type { Decision } from '../core/decision.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import { Answer } from './answer.ts'
import { Counters } from './counters.ts'
import type { Downstream, DownstreamOwner } from './downstream.ts'
import { type ErrorWord, errorAnswer } from './error-answer.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { fieldOf } from './fields.ts'
import { forwardRequestFields } from './request-fields.ts'
import { RequestBody, type RequestBodyOwner } from './request-body.ts'
import { isRejection, type Rejection, type RequestHead } from './request-head.ts'
import type { ForwardedResponse } from './response-fields.ts'
import type { TriesOwner } from './tries-owner.ts'
import { believes } from './trusted-proxies.ts'
import type { RequestTrace } from './tracing.ts'
import { Tries } from './tries.ts'
import { Tunnel, type TunnelOwner, type TunnelTimeouts } from './tunnel.ts'

/**
 * One request of a client, from its head to the end of its answer: the client's side of it, and how it ends. Its `Tries` are the
 * servers' side. Neither decides anything: which server, whether again, for how long is asked of the pure rules.
 */
export class Exchange implements DownstreamOwner, TriesOwner, RequestBodyOwner, TunnelOwner {
  readonly request: Downstream
  readonly arrivedAt: number
  readonly answer: Answer
  readonly tries: Tries
  /** Where `Active` keeps it. */
  place = -1
  requestId = ''
  head: RequestHead | undefined
  /** Why it ended, in a fixed word. */
  word = 'ok'
  body: RequestBody | undefined
  /** What it has become at 101. */
  tunnel: Tunnel | undefined = undefined
  trace: RequestTrace | undefined = undefined
  private readonly context: ExchangeContext
  /** Who could not get it and why, where nobody got it and that is remembered. */
  turnedAway: Decision | undefined = undefined
  /** How it ended for the client; decided before the last byte is out. */
  private outcome: Outcome | undefined
  private finished = false

  constructor(context: ExchangeContext, request: Downstream) {
    this.context = context
    this.request = request
    this.arrivedAt = context.touch()
    this.answer = new Answer(request)
    this.tries = new Tries(context, this)
    request.owner = this
  }

  get method(): string {
    return this.request.method
  }

  get answered(): boolean {
    return this.answer.begun
  }

  get bytesIn(): number {
    return this.tunnel?.bytesIn ?? this.body?.received ?? 0
  }

  /** With a head that may pass, or the reason why it may not. */
  start(head: RequestHead | Rejection): void {
    const { context, request } = this
    context.active.add(this)
    this.requestId = fieldOf(request.fields, 'x-request-id') || context.nextRequestId()
    if (!isRejection(head)) this.head = head
    if (context.tracing !== undefined) this.trace = context.tracing.begin(this)
    if (isRejection(head)) {
      this.fail(head.status, head.word, 'aborted')
      return
    }
    const { address, encrypted, method, version } = request
    const fields = forwardRequestFields(request.fields, {
      method,
      address,
      encrypted,
      version,
      trusted: believes(request, context.trusts),
      host: head.host,
      length: head.length,
      requestId: this.requestId,
    })
    if (request.body !== undefined) {
      this.body = new RequestBody(request.body, context.clock, context.limits, this)
    }
    const key = context.affinity === undefined ? 0 : context.affinity(request)
    const session = context.stickiness?.begin(request, fields)
    this.tries.begin(key, head.path, fields, session, request.upgrade?.protocol)
  }

  /** What is late is ended. Called ten times a second. */
  check(now: number, timeouts: TunnelTimeouts): void {
    if (this.tunnel !== undefined) {
      this.tunnel.check(now, this.tries.chosen!.server, timeouts)
      return
    }
    const who = this.tries.check(now)
    if (who === 'client') this.breakOff(408, 'client_timeout', 'aborted')
    else if (who === 'server') {
      // A client that left behind requests that nobody reads must not have servers blamed, as one that is seen to leave cannot.
      const blamed = this.request.unwatched !== true
      this.breakOff(504, 'upstream_timeout', blamed ? 'timeout' : 'aborted')
    }
  }

  /** The proxy ends, and cannot wait. */
  writeOff(): void {
    this.tunnel?.cut('stopping')
    if (this.outcome === undefined) this.breakOff(503, 'stopping', 'aborted')
    this.finish(this.outcome ?? 'aborted')
  }

  onInterim(status: number, fields: readonly string[]): void {
    this.request.inform(status, fields)
  }

  onHead(status: number, reason: string, forwarded: ForwardedResponse): void {
    const { body, request } = this
    // The server answers before it has all of the request: the rest will not be wanted.
    if (body !== undefined && !body.ended) request.close()
    this.answer.begin(status, reason, forwarded)
  }

  onUpgrade(fields: readonly string[], server: Endpoint, socket: Duplex): void {
    const client = this.request.upgrade!.accept('Switching Protocols', fields)
    this.answer.status = 101
    this.tunnel = new Tunnel(client, socket, this.context.counters.tunnels.open(server), this)
  }

  touch(): number {
    return this.context.touch()
  }

  onTunnelEnd(word: string, outcome: Outcome): void {
    this.word = word
    this.outcome = outcome
    this.answer.bytes = this.tunnel!.bytesOut
    this.context.counters.tunnels.close(this.tries.chosen!.server)
    this.tries.close(outcome)
    this.finish(outcome)
  }

  onData(chunk: Buffer): boolean {
    return this.answer.write(chunk)
  }

  onEnd(outcome: Outcome, trailers: readonly string[]): void {
    this.outcome = outcome
    if (this.body !== undefined && !this.body.ended) this.body.discard()
    this.answer.end(trailers)
  }

  onFailure(status: number, word: ErrorWord, outcome: Outcome): void {
    this.breakOff(status, word, outcome)
  }

  onDrain(): void {
    this.tries.resume()
  }

  onDone(): void {
    this.finish(this.outcome ?? 'ok')
  }

  onLeft(): void {
    if (this.outcome === undefined || this.outcome === 'ok') {
      this.word = 'client_left'
      this.outcome = 'aborted'
    }
    this.tries.abandon('aborted')
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

  /** Ends it early: with an answer where the client has none yet, else so that the client can tell. */
  private breakOff(status: number, word: ErrorWord, outcome: Outcome): void {
    this.tries.abandon(outcome)
    if (!this.answer.begun) {
      this.fail(status, word, outcome)
      return
    }
    this.word = word
    this.outcome = outcome
    this.request.cut()
  }

  /** Answers in the proxy's own name. */
  private fail(status: number, word: ErrorWord, outcome: Outcome): void {
    const { body, context, request } = this
    if (this.tries.unsent) Counters.increase(context.counters.refused, word)
    if (saysNobody(word)) this.turnedAway = context.recent?.turnedAway(this.tries)
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
    this.body?.forget()
    const now = context.touch()
    if (this.head !== undefined) {
      const until = this.tunnel?.openedAt ?? now
      context.recorder.request(until - this.arrivedAt, this.tries.attempts.length, outcome)
    }
    const { attempts, session } = this.tries
    if (session !== undefined && attempts.length > 0) {
      Counters.increase(context.counters.sessions, session.word)
    }
    context.counters.byClass[Math.floor(this.answer.status / 100)]++
    context.log?.write(this, outcome, now)
    context.recent?.add(this, outcome, now)
    this.trace?.end(outcome)
  }
}

/** It ends for want of a server. */
function saysNobody(word: ErrorWord): boolean {
  return word === 'no_server' || word === 'queue_full' || word === 'queue_timeout'
}
