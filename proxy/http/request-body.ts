import { Readable } from 'node:stream'
import type { Clock } from '../core/clock.ts'
import type { BodySink, DownstreamBody } from './downstream.ts'
import type { ReplayBudget } from './replay-budget.ts'

/** What the exchange wants to know of a request's body. */
export interface RequestBodyOwner {
  /** More came than the configured limit. */
  onBodyTooLarge(): void
}

/** One attempt's view of the body, as the stream that undici reads. */
class BodyReader extends Readable {
  private readonly whole: RequestBody

  constructor(whole: RequestBody) {
    super({ highWaterMark: 64 * 1024 })
    this.whole = whole
  }

  override _read(): void {
    this.whole.feed(this)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.whole.detach(this)
    done(error)
  }
}

/**
 * A request's body on its way through: pulled from the client no faster than the backend takes it, and kept, up to a
 * limit, so that it can be sent again.
 *
 * Nothing is pulled before an attempt has a connection. So a refused connection costs nothing of the body, whatever its
 * size.
 */
export class RequestBody implements BodySink {
  /** Bytes read from the client. */
  received = 0
  ended = false
  /** Since when the client owes us the next piece; Infinity while it owes none. */
  waitingSince = Infinity
  /** When it last came forward: a piece was taken, or the last one. */
  movedAt = -1
  private readonly source: DownstreamBody
  private readonly clock: Clock
  private readonly owner: RequestBodyOwner
  private readonly keepLimit: number
  private readonly sizeLimit: number
  private kept: Buffer[] | undefined = []
  /** Shared with the other requests of its connection, where there can be others. */
  private readonly budget: ReplayBudget | undefined
  /** Bytes taken from the budget. */
  private taken = 0
  private reader: BodyReader | undefined
  /** How many of the kept pieces the reader has been given. */
  private given = 0

  constructor(
    source: DownstreamBody,
    clock: Clock,
    limits: { body?: number; replay: number },
    owner: RequestBodyOwner,
  ) {
    this.source = source
    this.clock = clock
    this.owner = owner
    this.keepLimit = limits.replay
    this.sizeLimit = limits.body ?? Infinity
    this.budget = source.budget
  }

  /** Everything read so far is still at hand. */
  get replayable(): boolean {
    return this.kept !== undefined
  }

  /** All of it is here, and its reader has been given it: another may have it as well. */
  get whole(): boolean {
    return this.ended && this.kept !== undefined && this.given >= this.kept.length
  }

  /** A stream of the whole body for the next attempt. */
  open(): Readable {
    this.stopWaiting() // Nothing more is read until this attempt has caught up; `feed` resumes.
    this.given = 0
    this.reader = new BodyReader(this)
    this.reader.on('error', () => {}) // Its attempt's failure, which the attempt tells.
    return this.reader
  }

  /** For the reader: it has room. */
  feed(reader: BodyReader): void {
    if (reader !== this.reader) return
    while (this.kept !== undefined && this.given < this.kept.length) {
      if (!reader.push(this.kept[this.given++])) return
    }
    if (this.ended) {
      reader.push(null)
      return
    }
    if (this.waitingSince === Infinity) this.waitingSince = this.clock.now
    this.source.resume(this)
  }

  /** For the reader: its attempt is over. */
  detach(reader: BodyReader): void {
    if (reader !== this.reader) return
    this.reader = undefined
    this.stopWaiting()
  }

  onBody(chunk: Buffer): void {
    this.received += chunk.length
    if (this.received > this.sizeLimit) {
      this.stopWaiting()
      this.owner.onBodyTooLarge()
      return
    }
    this.waitingSince = this.movedAt = this.clock.now
    if (!this.caughtUp) {
      this.kept!.push(chunk) // Behind what the reader still has to get.
      return
    }
    if (this.kept !== undefined) {
      if (this.received > this.keepLimit || !this.mayKeep(chunk.length)) {
        this.forget()
      } else {
        this.kept.push(chunk)
        this.given++
      }
    }
    if (this.reader === undefined || !this.reader.push(chunk)) this.stopWaiting()
  }

  onBodyEnd(): void {
    this.ended = true
    this.movedAt = this.clock.now
    this.waitingSince = Infinity
    // One that has not caught up yet is told by `feed`.
    if (this.caughtUp) this.reader?.push(null)
  }

  /** Nobody wants the rest. */
  discard(): void {
    this.forget()
    this.waitingSince = Infinity
    this.source.discard()
  }

  /** It cannot be sent again from here on. */
  forget(): void {
    this.kept = undefined
    this.budget?.giveBack(this.taken)
    this.taken = 0
  }

  private mayKeep(bytes: number): boolean {
    if (this.budget === undefined) return true
    if (!this.budget.take(bytes)) return false
    this.taken += bytes
    return true
  }

  /** The reader has all that was kept for it. */
  private get caughtUp(): boolean {
    return this.kept === undefined || this.given >= this.kept.length
  }

  private stopWaiting(): void {
    this.waitingSince = Infinity
    if (!this.ended) this.source.pause()
  }
}
