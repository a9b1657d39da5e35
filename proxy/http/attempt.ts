import type { Decision } from '../core/decision.ts'
import type { Duplex } from 'node:stream'
import type { Endpoint } from '../core/endpoint.ts'
import type { Outcome } from '../core/recorder.ts'
import type { RetryVerdict } from '../core/retry.ts'
import { verdictOn } from '../core/verdict.ts'
import { classify, DeadlineError, type Failure, NOT_HTTP, OUT_OF_FILES } from './failure.ts'
import { fieldOf, removeNamed } from './fields.ts'
import {
  type ForwardedResponse,
  forwardResponseFields,
  type RawText,
  toText,
} from './response-fields.ts'
import { isSwitchTo } from './upgrade.ts'
import type { UpstreamConnection, UpstreamControl, UpstreamHandler } from './upstream.ts'

/** Who is told how an attempt goes: the exchange that it belongs to. */
export interface AttemptOwner {
  /** Time has passed since the last event: look at the clock. */
  touch(): number
  onInterim(attempt: Attempt, status: number, fields: readonly string[]): void
  /** Throws for fields that are no HTTP. */
  onHead(attempt: Attempt, status: number, reason: string, forwarded: ForwardedResponse): void
  /** The server has changed to the protocol that it was asked for. Throws for fields that are no HTTP. */
  onUpgrade(attempt: Attempt, forwarded: ForwardedResponse, socket: Duplex): void
  /** False: no more until `Attempt.resume`. */
  onData(attempt: Attempt, chunk: Buffer): boolean
  onEnd(attempt: Attempt, trailers: readonly string[]): void
  onFailure(attempt: Attempt, failure: Failure): void
}

/** So many interim answers of one attempt are passed on. */
const MOST_INTERIMS = 20
const LENGTH: readonly string[] = ['content-length']
const ASCII = /^[\t\x20-\x7e]*$/

/** One try at one server: the object that undici tells what happens. Times are milliseconds of the proxy's clock. */
export class Attempt implements UpstreamHandler {
  readonly server: Endpoint
  readonly startedAt: number
  connection: UpstreamConnection | undefined = undefined
  /** When a connection stood and the request began to be written; -1: never. */
  sentAt = -1
  /** When the final head came; -1: never. */
  headAt = -1
  /** When the last piece of the answer came, or nothing was asked for because the client does not read. */
  movedAt = -1
  endedAt = -1
  outcome: Outcome | undefined = undefined
  /** What it says of the server's health, which may be something else than what it came to. */
  verdict: Outcome | undefined = undefined
  /** Whether it was tried again after it, or why not; undefined: nobody asked. */
  retry: RetryVerdict | 'deadline' | undefined = undefined
  /** How its server was chosen, where that is kept. */
  decision: Decision | undefined = undefined
  /** It was made beside the first, which took long. */
  hedge = false
  /** A kept connection that died before one byte of an answer: most likely it was just being closed, and that is no failure. */
  stale = false
  /** The connection had carried a request before. */
  reused = false
  /** What the server is asked to change to; null: nothing. */
  upgrade: string | null = null
  paused = false
  private interims = 0
  private readonly owner: AttemptOwner
  private control: UpstreamControl | undefined = undefined
  private abortReason: Error | undefined = undefined
  /** Of the final head, or 101; 0: none. */
  status = 0

  constructor(owner: AttemptOwner, server: Endpoint, now: number) {
    this.owner = owner
    this.server = server
    this.startedAt = now
  }

  /** Over: nothing that comes in now changes anything. */
  get over(): boolean {
    return this.outcome !== undefined
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.movedAt = this.owner.touch()
    this.control?.resume()
  }

  /** Breaks it off. The owner hears nothing more of it. */
  abort(outcome: Outcome, reason: Error, verdict = outcome): void {
    if (this.over) return
    this.end(outcome, verdict)
    this.abortReason = reason
    this.control?.abort(reason)
  }

  onRequestStart(control: UpstreamControl): void {
    this.control = control
    if (this.abortReason !== undefined) {
      control.abort(this.abortReason)
      return
    }
    this.sentAt = this.owner.touch()
    const { connection } = this
    if (connection !== undefined) {
      this.reused = connection.used
      connection.used = true
      connection.awaitsHead = true
    }
  }

  onResponseStart(control: UpstreamControl, status: number, _parsed: unknown, reason = ''): void {
    if (this.over) return
    const forwarded = forwardResponseFields(
      control.rawHeaders as readonly RawText[],
      this.connection?.version,
    )
    if (status < 200 && status !== 101) {
      // No sender may announce a length there (RFC 9110, section 8.6): a client could wait for a body.
      if (forwarded.length >= 0) removeNamed(forwarded.fields, LENGTH)
      // The client would read them one by one: a flood of them is dropped.
      if (++this.interims <= MOST_INTERIMS) this.owner.onInterim(this, status, forwarded.fields)
      return
    }
    if (forwarded.coded || status > 599 || status === 101) {
      this.fail(NOT_HTTP)
      return
    }
    if (this.connection !== undefined) this.connection.awaitsHead = false
    this.headAt = this.movedAt = this.owner.touch()
    this.status = status
    // undici reads it as UTF-8; the few that are not ASCII cannot be told as they came.
    try {
      this.owner.onHead(this, status, ASCII.test(reason) ? reason : '', forwarded)
    } catch {
      this.fail(NOT_HTTP)
    }
  }

  onRequestUpgrade(
    control: UpstreamControl,
    _status: number,
    _parsed: unknown,
    socket: Duplex,
  ): void {
    socket.on('error', () => {}) // undici has let go of it.
    if (this.over) {
      socket.destroy()
      return
    }
    this.headAt = this.movedAt = this.owner.touch()
    this.status = 101
    const raw = control.rawHeaders as readonly RawText[]
    const fields = toText(raw)
    const forwarded = forwardResponseFields(raw)
    try {
      if (!isSwitchTo(this.upgrade!, fields)) throw new TypeError('another protocol')
      removeNamed(forwarded.fields, LENGTH) // RFC 9110, section 8.6: MUST NOT be there.
      forwarded.fields.push('Connection', 'Upgrade', 'Upgrade', fieldOf(fields, 'upgrade')!)
      this.owner.onUpgrade(this, forwarded, socket)
    } catch {
      socket.destroy()
      this.fail(NOT_HTTP)
    }
  }

  onResponseData(control: UpstreamControl, chunk: Buffer): void {
    if (this.over) return
    this.movedAt = this.owner.touch()
    if (!this.owner.onData(this, chunk)) {
      this.paused = true
      control.pause()
    }
  }

  onResponseEnd(control: UpstreamControl): void {
    if (this.over) return
    this.owner.touch()
    this.end(this.status >= 500 ? 'error' : 'ok', verdictOn(this.status))
    const raw = control.rawTrailers as readonly RawText[] | undefined
    this.owner.onEnd(this, raw === undefined || raw.length === 0 ? NO_FIELDS : toText(raw))
  }

  onResponseError(_control: UpstreamControl | null, error: Error): void {
    if (!this.over) this.fail(classify(error, this.sentAt >= 0))
  }

  /**
   * Its tunnel has ended. How long it took is how long the server took to open it, or strategies and figures would take a server for
   * slow whose users stay. And nothing is said of its health: what its 101 said was heard then.
   */
  close(outcome: Outcome): void {
    this.end(outcome, 'aborted')
    this.endedAt = this.headAt
  }

  /** It came to nothing. The owner is told, and what may still come is not wanted. */
  fail(failure: Failure): void {
    const closing = this.reused && failure.word === 'upstream_reset'
    this.stale = this.headAt < 0 && (closing || failure.unprocessed === 'retired')
    const innocent = this.stale || failure === OUT_OF_FILES
    this.end(failure.outcome, innocent ? 'aborted' : failure.outcome)
    this.control?.abort(new DeadlineError(failure.reason))
    this.owner.onFailure(this, failure)
  }

  private end(outcome: Outcome, verdict = outcome): void {
    this.outcome = outcome
    this.verdict = verdict
    this.endedAt = this.owner.touch()
  }
}

/** The other one of two that are under way. */
export function rivalOf(attempt: Attempt, attempts: readonly Attempt[]): Attempt | undefined {
  if (attempts.length < 2) return undefined
  for (const other of attempts) if (other !== attempt && !other.over) return other
  return undefined
}

const NO_FIELDS: readonly string[] = []
