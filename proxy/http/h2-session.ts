import { type ClientHttp2Session, connect, type Settings } from 'node:http2'
import type { Socket } from 'node:net'
import { H2Stream } from './h2-stream.ts'
import type { UpstreamHandler, UpstreamRequest } from './upstream.ts'
import type { Way } from './way.ts'

/** So many streams at a time, if the server allows as many: the least that RFC 9113 (section 6.5.2) recommends it to. */
const MOST_STREAMS = 100
/** How much of an answer may be under way to us, in bytes: what one slow reader can make us keep. */
const WINDOW = 128 * 1024

export interface H2SessionOwner {
  /** It can take requests. Once. */
  onReady(session: H2Session): void
  /** It has room again. */
  onRoom(session: H2Session): void
  /** It takes no more. Before `onReady`: it came to nothing. Once. */
  onRetired(session: H2Session): void
  /** It has ended, with the last of its streams. Once. */
  onGone(session: H2Session): void
}

/** A connection that speaks HTTP/2: ready as soon as the server has shown that it does, too. */
export class H2Session {
  readonly session: ClientHttp2Session
  readonly scheme: string
  /** The last stream that a server which is leaving has taken; -1: it is not. */
  lastTaken = -1
  /** It has carried a request. */
  served = false
  private readonly owner: H2SessionOwner
  private readonly way: Way
  private readonly idleTimeout: number
  private readonly connectTimeout: number
  private readonly streams = new Set<H2Stream>()
  private most = 0
  private retired = false
  private doubted = false
  private timer: NodeJS.Timeout

  constructor(
    socket: Socket,
    way: Way,
    times: { idleTimeout: number; connectTimeout: number },
    owner: H2SessionOwner,
  ) {
    this.way = way
    this.owner = owner
    this.idleTimeout = times.idleTimeout
    this.connectTimeout = times.connectTimeout
    this.scheme = way.secure === undefined ? 'http' : 'https'
    this.session = connect(way.origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW },
    })
    this.session.on('remoteSettings', (settings) => this.onSettings(settings))
    this.session.on('goaway', (_code, last) => this.onGoaway(last))
    this.session.on('error', () => {}) // `close` follows, and streams say what it means for each.
    this.session.on('close', () => {
      this.retire()
      owner.onGone(this)
    })
    this.timer = setTimeout(() => this.destroy(), this.connectTimeout)
  }

  /** May take one more. */
  get free(): boolean {
    return !this.retired && !this.doubted && this.streams.size < this.most
  }

  /** It has served, and has nothing to do now. */
  get rested(): boolean {
    return this.served && this.streams.size === 0
  }

  open(request: UpstreamRequest, handler: UpstreamHandler): void {
    clearTimeout(this.timer)
    const stream = new H2Stream(this, handler)
    this.streams.add(stream)
    this.served = true
    if (!stream.begin(request, this.way.authority)) this.closed(stream)
  }

  /** For a stream: it is gone. */
  closed(stream: H2Stream): void {
    if (!this.streams.delete(stream)) return
    if (this.streams.size === 0) this.rest()
    if (this.free) this.owner.onRoom(this)
  }

  /** A request got no answer in time: nothing more goes here until the server has shown that it is there. */
  doubt(): void {
    if (this.doubted || this.retired || this.session.destroyed) return
    this.doubted = true
    const late = setTimeout(() => this.destroy(), this.connectTimeout)
    this.session.ping((error) => {
      clearTimeout(late)
      if (error !== null) return
      this.doubted = false
      if (this.free) this.owner.onRoom(this)
    })
  }

  /** It finishes what it has, and takes no more. */
  retire(): void {
    if (this.retired) return
    this.retired = true
    clearTimeout(this.timer)
    this.owner.onRetired(this)
    if (!this.session.closed && !this.session.destroyed) this.session.close()
  }

  destroy(): void {
    this.session.destroy()
    this.retire()
  }

  private onSettings({ maxConcurrentStreams = MOST_STREAMS }: Settings): void {
    const first = this.most === 0
    // A server that allows none at first is asked nevertheless, and the request waits in the session.
    this.most = Math.max(1, Math.min(maxConcurrentStreams, MOST_STREAMS))
    if (!first || this.retired) return
    this.rest()
    this.owner.onReady(this)
  }

  private onGoaway(last: number): void {
    // It may say so twice, the second time for good (RFC 9113, section 6.8).
    this.lastTaken = last
    this.retire()
  }

  private rest(): void {
    clearTimeout(this.timer)
    if (this.idleTimeout === 0) {
      if (this.served) this.retire()
      return
    }
    if (!this.retired) this.timer = setTimeout(() => this.retire(), this.idleTimeout)
  }
}
