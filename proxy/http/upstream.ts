import type { Duplex, Readable } from 'node:stream'

/** One try as it goes to a backend. */
export interface UpstreamRequest {
  readonly method: string
  /** The request target, byte for byte. */
  readonly path: string
  /** Flat: name, value, name, value, … */
  readonly headers: readonly string[]
  /** Null when the request has none. */
  readonly body: Readable | null
  /** The protocol that the server is asked to change to. Null, or absent: none. */
  readonly upgrade?: string | null
  /** On a connection that has carried none before: kept ones are in doubt. */
  readonly fresh?: boolean
}

/** A connection to a backend, as far as an attempt has to know it. */
export interface UpstreamConnection {
  /** What is spoken on it. */
  readonly version: '1.1' | '2'
  /** It has carried a request before. */
  used: boolean
  /** The final head of an answer is still to come. */
  awaitsHead: boolean
}

/** What an attempt can do to the exchange of messages it is in. */
export interface UpstreamControl {
  /** Name, value, … as the backend sent them; set before `onResponseStart`. */
  readonly rawHeaders?: unknown
  readonly rawTrailers?: unknown
  /** No more data until `resume`. */
  pause(): void
  resume(): void
  abort(reason: Error): void
}

/**
 * Who is told how a try goes. These are the verbs of undici's dispatch handlers, so that an attempt can be handed to undici
 * as it is, without a closure or a promise in between.
 */
export interface UpstreamHandler {
  /** Set by the upstream before `onRequestStart`. */
  connection: UpstreamConnection | undefined
  /** A connection stands, and the request's first byte is about to be written. */
  onRequestStart(control: UpstreamControl): void
  /** A head: perhaps several times with 1xx, then once. */
  onResponseStart(control: UpstreamControl, status: number, headers: unknown, reason?: string): void
  /**
   * It has changed the protocol: the connection is the handler's, and what came behind the head comes out of it first. Needed by those
   * who ask for that.
   */
  onRequestUpgrade?(
    control: UpstreamControl,
    status: number,
    headers: unknown,
    socket: Duplex,
  ): void
  onResponseData(control: UpstreamControl, chunk: Buffer): void
  onResponseEnd(control: UpstreamControl, trailers: unknown): void
  /** It ended otherwise; before `onRequestStart` if no connection came about. */
  onResponseError(control: UpstreamControl | null, error: Error): void
}

/** The way to one backend: connections that are kept and shared. */
export interface Upstream {
  send(request: UpstreamRequest, handler: UpstreamHandler): void
  /** Resolves when what is under way has ended, and every connection is closed. Nothing more may be sent. */
  close(): Promise<void>
  /** Closes every connection at once. */
  destroy(): Promise<void>
}
