import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Downstream, DownstreamOwner } from './downstream.ts'
import { fieldOf, removeNamed } from './fields.ts'
import { Http2Body } from './http2-body.ts'
import { addFields, fieldsObject } from './http2-fields.ts'
import type { Http2Head } from './http2-head.ts'
import type { ReplayBudget } from './replay-budget.ts'
import type { Rejection } from './request-head.ts'
import type { Peer } from './speaker.ts'

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_PROTOCOL_ERROR } = constants

/** With more frames than this waiting for a client that does not read, it gets no interim answers. */
const MOST_QUEUED = 100

/** Who keeps a connection's requests. */
export interface Http2DownstreamOwner {
  readonly peer: Peer
  readonly budget: ReplayBudget
  readonly now: number
  /** The stream is gone. */
  over(downstream: Http2Downstream): void
}

type KnownStream = ServerHttp2Stream & { downstream: Http2Downstream }

function onDrain(this: ServerHttp2Stream): void {
  ;(this as KnownStream).downstream.owner?.onDrain()
}

function onFinish(this: ServerHttp2Stream): void {
  ;(this as KnownStream).downstream.finished()
}

function onClose(this: ServerHttp2Stream): void {
  ;(this as KnownStream).downstream.closed()
}

function onWantTrailers(this: ServerHttp2Stream): void {
  ;(this as KnownStream).downstream.sendTrailers()
}

function ignore(): void {}

/** A request and its answer as a stream of HTTP/2, on the core API of node:http2. */
export class Http2Downstream implements Downstream {
  readonly method: string
  readonly target: string
  readonly fields: readonly string[]
  readonly version: string
  readonly address: string
  readonly hidden: boolean
  readonly encrypted: boolean
  readonly body: Http2Body | undefined
  readonly rejection: Rejection | undefined
  owner: DownstreamOwner | undefined
  /** Where its connection keeps it. */
  place = -1
  /** When all of the answer was here, though the client may not have taken it yet; -1: it is not. */
  endedAt = -1
  private readonly stream: ServerHttp2Stream
  private readonly connection: Http2DownstreamOwner
  /** The head, until it goes. */
  private answer: string[] | undefined
  private trailers: readonly string[]
  private waitsForTrailers = false
  /** A body may follow the head. */
  private bodied = true
  /** The head says how long the body is. */
  private measured = false

  constructor(stream: ServerHttp2Stream, head: Http2Head, connection: Http2DownstreamOwner) {
    const { peer } = connection
    this.method = head.method
    this.target = head.target
    this.fields = head.fields
    this.version = head.version
    this.address = peer.address
    this.hidden = peer.hidden
    this.encrypted = peer.encrypted
    this.rejection = head.rejection
    this.owner = undefined
    this.stream = stream
    this.connection = connection
    this.answer = undefined
    this.trailers = NONE
    this.body = stream.endAfterHeaders
      ? undefined
      : new Http2Body(stream, head.fields, connection.budget)
    ;(stream as KnownStream).downstream = this
    stream.on('finish', onFinish)
    stream.on('close', onClose)
    stream.on('error', ignore) // Reset by either side; 'close' tells.
  }

  /** The client did not wait for all of its answer, or broke a rule. */
  get brokenOff(): boolean {
    return this.endedAt < 0 && this.stream.rstCode !== NGHTTP2_INTERNAL_ERROR
  }

  inform(status: number, fields: readonly string[]): void {
    const { stream } = this
    if (!this.open || stream.headersSent) return
    // An interim answer may be left out (RFC 9110, section 15.2): where the client does not read.
    if ((stream.session?.state.outboundQueueSize ?? 0) > MOST_QUEUED) return
    const object = fieldsObject(fields)
    if (object === undefined || status === 101) return
    stream.additionalHeaders({ ':status': status, ...object })
  }

  /** Without the reason, which HTTP/2 does not have (RFC 9113, section 8.3.2). */
  head(status: number, _reason: string, fields: readonly string[]): void {
    const answer = [':status', String(status)]
    addFields(answer, fields)
    // 205 ends the stream for node:http2, and has no content (RFC 9110, section 15.3.6).
    this.bodied = this.method !== 'HEAD' && status !== 204 && status !== 205 && status !== 304
    if (status === 205) removeNamed(answer, LENGTH)
    this.measured = fieldOf(answer, 'content-length') !== undefined
    this.answer = answer
  }

  flush(): void {
    if (this.answer === undefined) return
    // Whether trailers come will be known later. Behind a length they cannot: what has one came without chunks.
    this.respond(!this.bodied, this.bodied && !this.measured)
  }

  write(chunk: Uint8Array): boolean {
    this.flush()
    const { stream } = this
    if (!this.bodied || !this.open || stream.write(chunk)) return true
    if (stream.listenerCount('drain') === 0) stream.on('drain', onDrain)
    return false
  }

  end(chunk?: Uint8Array, trailers: readonly string[] = NONE): void {
    const { stream } = this
    this.endedAt = this.connection.now
    this.trailers = trailers
    if (this.answer !== undefined) {
      const empty = chunk === undefined && trailers.length === 0
      this.respond(empty || !this.bodied, this.bodied && trailers.length > 0)
    }
    if (this.bodied && this.open && !stream.writableEnded) {
      if (chunk === undefined) stream.end()
      else stream.end(chunk)
    }
    if (stream.writableFinished) this.finished() // For HEAD it has been since the beginning.
  }

  /**
   * Nothing: frames tell where a refused request ends, so that the connection can go on, and what is left of its body is refused
   * behind the answer.
   */
  close(): void {}

  cut(): void {
    // Not `close`, which ends the body first: to the client it would be whole. An error stands for INTERNAL_ERROR.
    this.stream.destroy(CUT)
  }

  /** For the stream: the body is out. */
  finished(): void {
    if (this.endedAt >= 0 && !this.waitsForTrailers) this.refuseRest()
  }

  /** For the stream: the body is out, and trailers may follow. */
  sendTrailers(): void {
    this.stream.sendTrailers(fieldsObject(this.trailers) ?? {})
    setImmediate(() => this.refuseRest()) // They go with setImmediate, too.
  }

  /** For the stream: it is gone. */
  closed(): void {
    const { owner, stream } = this
    this.connection.over(this)
    const { rstCode } = stream
    if (this.endedAt >= 0 && this.sent && rstCode === NGHTTP2_NO_ERROR) {
      owner?.onDone()
      return
    }
    // nghttp2 found that the body is not as long as announced, or is followed by something that is no trailer.
    if (rstCode === NGHTTP2_PROTOCOL_ERROR && this.receiving) owner?.onBadBody('malformed')
    owner?.onLeft()
  }

  private get open(): boolean {
    return !this.stream.closed && !this.stream.destroyed
  }

  /**
   * All of the answer is out. Once its end is framed, node:http2 destroys a stream whose request was read to its end, before
   * 'finish': that both sides have ended it, with no error, says as much.
   */
  private get sent(): boolean {
    const { body, stream } = this
    return stream.writableFinished || (stream.writableEnded && body !== undefined && body.ended)
  }

  private get receiving(): boolean {
    return this.body !== undefined && !this.body.ended
  }

  private respond(endStream: boolean, waitForTrailers: boolean): void {
    const { answer, stream } = this
    this.answer = undefined
    if (answer === undefined || !this.open) return
    this.waitsForTrailers = waitForTrailers
    if (waitForTrailers) stream.on('wantTrailers', onWantTrailers)
    stream.respond(answer, { endStream, waitForTrailers })
  }

  /** The answer is whole, the request is not: its rest is not wanted, which is no error (RFC 9113, section 8.1). */
  private refuseRest(): void {
    if (this.receiving && this.open) this.stream.close(NGHTTP2_NO_ERROR)
  }
}

const NONE: readonly string[] = []
const CUT = new Error('cut')
const LENGTH: readonly string[] = ['content-length']
