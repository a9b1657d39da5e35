import type { Duplex } from 'node:stream'
import type { ReplayBudget } from './replay-budget.ts'
import type { Rejection } from './request-head.ts'

/**
 * One request as a listener hands it over, and the way to answer it. Exchanges and admin pages know only this, so that a
 * faster listener than node:http can take its place.
 *
 * Fields are flat lists, name, value, name, value, …, exactly as they came: order, case and repeats kept.
 */
export interface Downstream {
  readonly method: string
  /** The request target, byte for byte (latin1). */
  readonly target: string
  readonly fields: readonly string[]
  /** `1.0`, `1.1` or `2`. */
  readonly version: string
  /** The peer's address, without port. */
  readonly address: string
  /** See `Origin`. Absent: false. */
  readonly hidden?: boolean
  readonly encrypted: boolean
  /** Undefined when the request has none. */
  readonly body: DownstreamBody | undefined
  /** The listener's own parser will not have it; undefined: judge for yourself. */
  readonly rejection: Rejection | undefined
  /** What it asks to go on in, if that may be. Absent: nothing, or nothing that is allowed. */
  readonly upgrade?: DownstreamUpgrade | undefined
  /** Nothing is read from the client, so that nobody would see it leave. Absent: false. */
  readonly unwatched?: boolean
  /** Who is told what happens; set it before anything else. */
  owner: DownstreamOwner | undefined
  /** A 1xx answer. */
  inform(status: number, fields: readonly string[]): void
  /**
   * The final head; it leaves with the first piece of the body, or with `flush`. The listener adds only what the framing of
   * this connection needs. Throws for fields that are no HTTP.
   */
  head(status: number, reason: string, fields: readonly string[]): void
  flush(): void
  /** False: stop until `owner.onDrain`. */
  write(chunk: Uint8Array): boolean
  end(chunk?: Uint8Array, trailers?: readonly string[]): void
  /**
   * Ends the connection after this answer, and reads no further request from it, where what follows cannot be trusted to be one.
   * Before `head`.
   */
  close(): void
  /** Breaks the connection, or the stream, off, so that the client can tell that the answer is not whole. */
  cut(): void
}

/** A request's wish to go on in another protocol. It may also be answered like any other, and then its connection ends. */
export interface DownstreamUpgrade {
  /** As the client spells it: `websocket`. */
  readonly protocol: string
  /**
   * Answers 101, in place of a head; the owner of the request hears no more. What the client sent behind its request is the
   * first that comes out of the connection. Throws for fields that are no HTTP.
   */
  accept(reason: string, fields: readonly string[]): Duplex
}

/** A request's body, pulled piece by piece. */
export interface DownstreamBody {
  /** The length as announced; undefined for chunked. */
  readonly length: number | undefined
  /** Where other requests share its connection. */
  readonly budget?: ReplayBudget
  /** Sends `100 Continue` first if the client waits for it. Pieces go to `sink` until `pause`. */
  resume(sink: BodySink): void
  pause(): void
  /** Nobody wants the rest: it is thrown away, so that the connection can be used again. */
  discard(): void
}

export interface BodySink {
  onBody(chunk: Buffer): void
  /** Its trailers end here: no upstream of ours can send them. */
  onBodyEnd(): void
}

export interface DownstreamOwner {
  /** The client reads again. */
  onDrain(): void
  /** The answer was handed to the operating system whole. */
  onDone(): void
  /** The client has gone before the end of the answer. */
  onLeft(): void
  /** The rest of the body cannot be read: it is malformed. The owner answers, or cuts. */
  onBadBody(reason: string): void
}
