import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { Socket } from 'node:net'
import type { ErrorWord } from './error-answer.ts'
import { Http2Downstream, type Http2DownstreamOwner } from './http2-downstream.ts'
import { readHttp2Head } from './http2-head.ts'
import { Nuisance } from './http2-nuisance.ts'
import { ReplayBudget } from './replay-budget.ts'
import { reject, type Rejection } from './request-head.ts'
import type { Peer } from './speaker.ts'

const { NGHTTP2_ENHANCE_YOUR_CALM } = constants

/**
 * What may be on its way of all bodies of a connection, in bytes; by default it is what one stream may have, 64 KiB, a round trip.
 * node:http2 gives it back as it comes in: what bounds the memory for bodies that nobody reads yet is the windows of the streams.
 */
const WINDOW = 1024 * 1024

/** How long a client may take to close its side when all is said, in milliseconds, as with HTTP/1. */
const LINGER = 5000

/** Milliseconds. */
export interface Http2Timeouts {
  /** Until the client's first frame. */
  readonly clientHeader: number
  /** Without a request. */
  readonly clientIdle: number
  /** While an answer that is all here is not taken. */
  readonly idleBody: number
}

/** Who is told what comes on a connection. */
export interface Http2ConnectionOwner {
  readonly now: number
  readonly timeouts: Http2Timeouts
  onRequest(downstream: Http2Downstream): void
  /** It broke a rule, and has ended. */
  onRejected(rejection: Rejection, address: string): void
  onClosed(connection: Http2Connection): void
}

/** A client's connection that speaks HTTP/2: the requests on it, and how it ends. */
export class Http2Connection implements Http2DownstreamOwner {
  readonly peer: Peer
  readonly budget = new ReplayBudget()
  private readonly socket: Socket
  private readonly session: ServerHttp2Session
  private readonly owner: Http2ConnectionOwner
  private readonly nuisance = new Nuisance()
  private readonly streams: Http2Downstream[] = []
  /** The client has shown that it speaks HTTP/2. */
  private greeted = false
  /** Since when it has no request. */
  private idleSince: number
  private draining = false
  private closedAt = Infinity
  private calmed = false

  constructor(socket: Socket, peer: Peer, options: ServerOptions, owner: Http2ConnectionOwner) {
    this.socket = socket
    this.peer = peer
    this.owner = owner
    this.idleSince = owner.now
    socket.allowHalfOpen = false // A client that has ended its side cannot even open windows any more: it has left.
    const session = performServerHandshake(socket, options)
    this.session = session
    session.setLocalWindowSize(WINDOW)
    session.on('stream', (stream, _headers, _flags, raw) => this.onStream(stream, raw))
    session.on('ping', () => this.annoy())
    session.on('remoteSettings', () => this.onSettings())
    session.on('error', (error) => this.onError(error))
    socket.on('error', ignore) // The session tells.
    socket.on('close', () => owner.onClosed(this))
  }

  get now(): number {
    return this.owner.now
  }

  get idle(): boolean {
    return this.streams.length === 0
  }

  /** No more requests; one that has none yet may still send what it was just about to. */
  drain(): void {
    this.draining = true
    if (!this.idle) this.close()
  }

  /**
   * No more requests. GOAWAY tells the client up to which stream they are served, so that it can send the others elsewhere (RFC 9113,
   * section 6.8). A notice of that beforehand, a GOAWAY with the highest number, is nothing that node:http2 can send: nghttp2
   * takes no further stream after any GOAWAY, and a frame written beside it aborts the process.
   */
  close(): void {
    if (this.closedAt < Infinity) return
    this.closedAt = this.now
    this.session.close()
  }

  kill(): void {
    this.session.destroy()
    this.socket.destroy()
  }

  tick(now: number): void {
    const { idleSince, owner, socket, streams } = this
    if (socket.destroyed) return
    const { clientHeader, clientIdle, idleBody } = owner.timeouts
    if (!this.greeted && now - idleSince >= clientHeader) {
      owner.onRejected(reject(0, 'client_timeout', 'no preface of HTTP/2'), this.peer.address)
      this.kill()
      return
    }
    // Backwards, since one that is cut may leave at once.
    for (let i = streams.length - 1; i >= 0; i--) {
      const { endedAt } = streams[i]
      if (endedAt >= 0 && now - endedAt > idleBody) streams[i].cut()
    }
    if (this.idle && now - idleSince >= clientIdle) this.close()
    if (this.idle && now - Math.max(this.closedAt, idleSince) >= LINGER) this.kill()
  }

  over(downstream: Http2Downstream): void {
    const { streams } = this
    const last = streams.pop()!
    if (last !== downstream) {
      streams[downstream.place] = last
      last.place = downstream.place
    }
    if (streams.length === 0) this.idleSince = this.now
    if (downstream.brokenOff) this.annoy()
  }

  private onStream(stream: ServerHttp2Stream, raw: readonly string[]): void {
    if (stream.closed || stream.destroyed) {
      this.annoy() // Its reset came with it: nobody has to hear of it.
      return
    }
    const downstream = new Http2Downstream(stream, readHttp2Head(raw), this)
    downstream.place = this.streams.push(downstream) - 1
    if (this.draining) setImmediate(() => this.close()) // Behind those that came with it.
    this.owner.onRequest(downstream)
    if (downstream.rejection !== undefined) this.annoy()
  }

  private onSettings(): void {
    if (this.greeted) this.annoy()
    this.greeted = true
  }

  private annoy(): void {
    const { session } = this
    if (session.destroyed || this.calmed || !this.nuisance.add(this.now)) return
    this.calmed = true
    this.owner.onRejected(reject(0, 'flood', 'too much for nothing'), this.peer.address)
    session.destroy(CALM, NGHTTP2_ENHANCE_YOUR_CALM)
  }

  private onError(error: NodeJS.ErrnoException): void {
    const { code = '', message } = error
    // Others are of the system (the connection broke), or the client has ended the session with an error of its own.
    if (this.calmed || !code.startsWith('ERR_HTTP2') || code === 'ERR_HTTP2_SESSION_ERROR') return
    let word: ErrorWord = 'bad_request'
    if (FLOODS.has(error.errno) || code === TOO_MANY) word = 'flood'
    this.owner.onRejected(reject(0, word, message), this.peer.address)
  }
}

function ignore(): void {}

const CALM = new Error('calm')
/** nghttp2's own words: streams beyond what it may refuse (-902), acknowledgements (-904), CONTINUATION (-905). */
const FLOODS = new Set<number | undefined>([-902, -904, -905])
/** DATA without data. */
const TOO_MANY = 'ERR_HTTP2_TOO_MANY_INVALID_FRAMES'
