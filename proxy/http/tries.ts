import type { Duplex } from 'node:stream'
import { late, timeLeft } from '../core/deadlines.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import { isIdempotent } from '../core/retry.ts'
import { verdictOn } from '../core/verdict.ts'
import type { Ticket } from '../core/waiting-line.ts'
import { again } from './again.ts'
import { Attempt, type AttemptOwner, rivalOf } from './attempt.ts'
import { Counters } from './counters.ts'
import type { ExchangeContext } from './exchange-context.ts'
import { DeadlineError, type Failure } from './failure.ts'
import { hear } from './hearing.ts'
import type { Alarm, Hedged } from './hedges.ts'
import type { ForwardedResponse } from './response-fields.ts'
import type { Session } from './session.ts'
import type { TriesOwner } from './tries-owner.ts'

/**
 * A request on the servers' side: finds a server, or waits in the line for one, tries it, perhaps tries another, or two at a time (a
 * hedge). Of two the first to bring a head is heard, and nothing of the other. But not an error while the other may still do
 * better: servers that fail fast would win.
 *
 * Whatever is taken for a request is given back here: its place in the line, and every server.
 */
export class Tries implements AttemptOwner, Ticket, Hedged {
  /** All of them, in order. */
  readonly attempts: Attempt[] = []
  /** The one whose answer the client gets. */
  chosen: Attempt | undefined = undefined
  /** How long it has waited for room, in milliseconds; -1: it never had to. */
  waited = -1
  key = 0
  tried: Endpoint[] | undefined = undefined
  /** Undefined where sessions do not stick. */
  session: Session | undefined = undefined
  /** Where the session is, while that server may have the request. */
  wanted: Endpoint | undefined = undefined
  /** For the line. */
  waitingSince = -1
  ahead: Ticket | undefined = undefined
  behind: Ticket | undefined = undefined
  private readonly context: ExchangeContext
  private readonly owner: TriesOwner
  private path = ''
  private fields: readonly string[] = NO_FIELDS
  /** The protocol that it asks for; null: none. */
  private upgrade: string | null = null
  private joinedAt = 0
  /** While a hedge may become due. */
  private alarm: Alarm | undefined = undefined
  freeRetryUsed = false
  /** The client was told something of an answer, if only in an interim one. */
  informed = false

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

  begin(
    key: number,
    path: string,
    fields: readonly string[],
    session?: Session,
    upgrade?: string,
  ): void {
    this.key = key
    this.session = session
    this.wanted = session?.server
    this.path = path
    this.fields = fields
    this.upgrade = upgrade ?? null
    this.context.retry.request()
    this.next()
  }

  /** Says who is late, if anybody is. */
  check(now: number): 'client' | 'server' | undefined {
    const { arrivedAt, body } = this.owner
    const { timeouts } = this.context
    if (this.waitingSince >= 0) {
      const late = timeLeft(arrivedAt, timeouts.total, now) === 0
      if (late && this.context.line.leave(this)) this.waitedInVain()
      return undefined
    }
    const attempt = this.decisive
    if (attempt === undefined) return undefined
    const rival = rivalOf(attempt, this.attempts)
    if (this.chosen !== undefined || rival === undefined) {
      return late(arrivedAt, attempt, body, timeouts, now)
    }
    for (const each of this.attempts) {
      if (each.over || late(arrivedAt, each, body, timeouts, now) === undefined) continue
      if (rivalOf(each, this.attempts) === undefined) return 'server'
      this.drop(each, 'timeout')
    }
    return undefined
  }

  /** Its first attempt takes long: a second one beside it, if that is allowed. */
  hedge(): void {
    this.alarm = undefined
    const { attempts, context, informed, key, owner } = this
    const { body } = owner
    const [first] = attempts
    const tried = [first.server]
    const verdict = context.hedges!.rule.decide({
      attempts: attempts.length,
      idempotent: true, // Others have no alarm.
      replayable: body === undefined || body.whole,
      answering: informed || first.headAt >= 0,
      others: context.line.total === 0 && context.balancer.hasOther(tried),
    })
    if (verdict !== 'hedge') return
    const server = context.balancer.acquire(key, 1, tried)
    if (server === undefined) return
    this.tried = tried
    Counters.increase(context.counters.retries, 'hedge')
    this.launch(server, true)
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

  onInterim(attempt: Attempt, status: number, fields: readonly string[]): void {
    if (rivalOf(attempt, this.attempts) !== undefined) return // It may be of the one that loses.
    this.informed = true
    this.owner.onInterim(status, fields)
  }

  /** Throws for fields that are no HTTP. */
  onHead(attempt: Attempt, status: number, reason: string, forwarded: ForwardedResponse): void {
    const { balancer } = this.context
    if (balancer.listens) hear(balancer, attempt.server, forwarded.fields)
    this.learn(attempt, status < 500 ? attempt.headAt - attempt.startedAt : Infinity)
    const rival = rivalOf(attempt, this.attempts)
    if (rival !== undefined && status >= 500) {
      this.avoid(attempt.server)
      this.drop(attempt, 'error', verdictOn(status))
      return
    }
    this.session?.answered(attempt.server, status, forwarded.fields)
    this.owner.onHead(status, reason, forwarded)
    this.chosen = attempt
    if (rival !== undefined) this.drop(rival, 'aborted')
  }

  /** Throws for fields that are no HTTP. */
  onUpgrade(attempt: Attempt, { fields }: ForwardedResponse, socket: Duplex): void {
    const { balancer } = this.context
    if (balancer.listens) hear(balancer, attempt.server, fields)
    this.session?.answered(attempt.server, 101, fields)
    this.owner.onUpgrade(fields, attempt.server, socket)
    this.chosen = attempt
    balancer.answered(attempt.server, attempt.headAt - attempt.startedAt)
  }

  /** Its tunnel has ended. */
  close(outcome: Outcome): void {
    this.chosen!.close(outcome)
    this.settle(this.chosen!)
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
    // A connection that was just being closed says nothing against the server, and a session stays.
    if (!attempt.stale || this.wanted === undefined) this.avoid(attempt.server)
    if (rivalOf(attempt, this.attempts) !== undefined) return
    const { outcome, status, word } = failure
    const verdict = (attempt.retry = again(context, owner, this, attempt, failure))
    if (verdict !== 'again' && verdict !== 'free') return owner.onFailure(status, word, outcome)
    if (verdict === 'free') this.freeRetryUsed = true
    Counters.increase(context.counters.retries, attempt.stale ? 'stale_connection' : outcome)
    this.next()
  }

  /** Finds a server; or it waits, or ends. */
  private next(): void {
    const { context, owner } = this
    const found = context.line.enter(this)
    if (typeof found === 'object') this.launch(found)
    else if (found === 'waits') this.joinedAt = this.waitingSince
    else owner.onFailure(503, found === 'no_server' ? found : 'queue_full', 'refused')
  }

  private launch(server: Endpoint, hedge = false): void {
    const { attempts, context, owner, upgrade } = this
    const { body, method, trace } = owner
    const attempt = new Attempt(this, server, context.touch())
    attempt.hedge = hedge
    attempt.upgrade = upgrade
    attempts.push(attempt)
    context.recent?.decided(attempt, attempts.length - 1)
    this.session?.sent(server)
    // A second server does not have the session.
    const leaves = this.wanted !== undefined
    if (attempts.length === 1 && this.alike && !leaves) {
      this.alarm = context.hedges?.watch(this, attempt.startedAt)
    }
    const { fields, path } = this
    const headers = trace === undefined ? fields : trace.attempt(attempt, fields)
    const fresh = this.freeRetryUsed // Where one kept connection had gone stale, others have.
    const sent = { method, path, headers, body: body?.open() ?? null, fresh, upgrade }
    context.upstreamOf(server).send(sent, attempt)
  }

  private drop(attempt: Attempt, outcome: Outcome, verdict = outcome): void {
    attempt.abort(outcome, new DeadlineError('given up'), verdict)
    this.settle(attempt)
    if (outcome === 'timeout') this.context.suspect(attempt.server)
  }

  /** Two at a time do no harm. Two tunnels would: each may begin a session at its server. */
  private get alike(): boolean {
    return this.upgrade === null && isIdempotent(this.owner.method)
  }

  private avoid(server: Endpoint): void {
    this.wanted = undefined
    this.tried ??= []
    if (!this.tried.includes(server)) this.tried.push(server)
  }

  /** Once for each first attempt that could have been hedged: when its head has come, or it came to none. */
  private learn(attempt: Attempt, latency: number): void {
    const { hedges } = this.context
    if (hedges === undefined || attempt !== this.attempts[0]) return
    if (this.alarm !== undefined) hedges.cancel(this.alarm)
    this.alarm = undefined
    if (this.alike) hedges.rule.learn(latency)
  }

  /** The one place where a server is given back; an attempt ends once, so it is given back once. */
  private settle(attempt: Attempt): void {
    const { context } = this
    const { outcome, server, verdict } = attempt
    const latency = attempt.endedAt - attempt.startedAt
    context.balancer.release(server, latency, outcome!, verdict)
    context.recorder.attempt(server, latency, outcome!)
    if (attempt.sentAt >= 0) context.counters.connect.record(attempt.sentAt - attempt.startedAt)
    if (attempt.headAt < 0) this.learn(attempt, Infinity)
    context.room.made()
  }

  private countWait(): void {
    this.waited = Math.max(0, this.waited) + this.context.touch() - this.joinedAt
  }
}

const NO_FIELDS: readonly string[] = []
