import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { buildConnector } from 'undici'
import { connectorTo } from './connector.ts'
import { H2Session, type H2SessionOwner } from './h2-session.ts'
import type { UpstreamOptions } from './open-upstream.ts'
import { ConnectFailure } from './connect-failure.ts'
import { UndiciUpstream } from './undici-upstream.ts'
import type { Upstream, UpstreamHandler, UpstreamRequest } from './upstream.ts'
import type { Way } from './way.ts'

interface Waiting {
  readonly request: UpstreamRequest
  readonly handler: UpstreamHandler
}

/** So many requests wait for one connection before another is made. */
const A_CONNECTION = 100
/** How long a server that chose HTTP/1.1 is taken at its word, in milliseconds. */
const HTTP1_HOLDS = 60_000

/**
 * A backend that speaks HTTP/2, over node:http2 itself: undici's client of HTTP/2 sends requests again on its own, joins fields of the
 * same name, and gives an answer's fields only after node:http2 has merged them (see DECISIONS.md). One that chooses HTTP/1.1 in the
 * handshake of TLS gets that.
 */
export class H2Upstream implements Upstream, H2SessionOwner {
  private readonly way: Way
  private readonly options: UpstreamOptions
  private readonly connect: buildConnector.connector
  private readonly target: buildConnector.Options
  private readonly sessions = new Set<H2Session>()
  private readonly coming = new Set<H2Session>()
  /** All that have not ended yet, those that take no more included. */
  private readonly alive = new Set<H2Session>()
  private closing: PromiseWithResolvers<void> | undefined
  private waiting: Waiting[] = []
  /** Connections that are on the way, those of `coming` included. */
  private connecting = 0
  private http1: UndiciUpstream | undefined
  private http1Until = 0
  private destroyed = false

  constructor(way: Way, options: UpstreamOptions) {
    this.way = way
    this.options = options
    this.connect = connectorTo(way, {
      timeout: options.connectTimeout,
      offersH2: way.protocol === 'any',
    })
    const { host, hostname, port, protocol } = new URL(way.origin)
    const bare = hostname.replace(/^\[|\]$/g, '')
    this.target = { host, hostname: bare, port, protocol }
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): void {
    if (request.upgrade !== undefined && request.upgrade !== null) {
      this.change(request, handler)
      return
    }
    if (this.http1 !== undefined && performance.now() < this.http1Until) {
      this.http1.send(request, handler)
      return
    }
    if (request.fresh === true) this.doubtAll()
    const session = this.free
    if (session !== undefined) session.open(request, handler)
    else {
      this.waiting.push({ request, handler })
      this.reach()
    }
  }

  async close(): Promise<void> {
    this.closing ??= Promise.withResolvers()
    this.endIfDone()
    await Promise.all([this.closing.promise, this.http1?.close()])
  }

  async destroy(): Promise<void> {
    this.destroyed = true
    for (const session of this.alive) session.destroy()
    this.giveUp(Infinity, new Error('destroyed'))
    await this.http1?.destroy()
  }

  onReady(session: H2Session): void {
    this.coming.delete(session)
    this.connecting--
    this.sessions.add(session)
    this.onRoom(session)
  }

  onRoom(session: H2Session): void {
    let next: Waiting | undefined
    while (session.free && (next = this.waiting.shift()) !== undefined) {
      session.open(next.request, next.handler)
      if (this.once) return this.reach()
    }
    this.endIfDone()
    this.reach()
  }

  onRetired(session: H2Session): void {
    this.sessions.delete(session)
    if (!this.coming.delete(session)) return
    this.connecting--
    this.giveUp(
      this.fill,
      new ConnectFailure('server does not speak HTTP/2', 'upstream_unreachable'),
    )
  }

  onGone(session: H2Session): void {
    this.alive.delete(session)
    this.endIfDone()
  }

  private get once(): boolean {
    return this.options.idleTimeout === 0
  }

  private get fill(): number {
    return this.once ? 1 : A_CONNECTION
  }

  private get free(): H2Session | undefined {
    if (this.once) return undefined
    for (const session of this.sessions) if (session.free) return session
    return undefined
  }

  /** Those with nothing to do go; the others take no more until the server has shown that it is there. */
  private doubtAll(): void {
    for (const session of this.sessions) {
      if (session.rested) session.retire()
      else if (session.served) session.doubt()
    }
  }

  /** Makes as many connections as those who wait will fill. */
  private reach(): void {
    while (!this.destroyed && this.connecting * this.fill < this.waiting.length) {
      this.connecting++
      this.connect(this.target, (error, socket) => {
        if (error === null) this.connected(socket)
        else {
          this.connecting--
          this.giveUp(this.fill, error)
        }
      })
    }
  }

  private connected(socket: Socket): void {
    if (this.destroyed) return void socket.destroy()
    if (this.way.protocol === 'any' && (socket as TLSSocket).alpnProtocol !== 'h2') {
      socket.destroy()
      this.connecting--
      this.useHttp1()
      return
    }
    const { connectTimeout, idleTimeout } = this.options
    const session = new H2Session(socket, this.way, { connectTimeout, idleTimeout }, this)
    this.coming.add(session)
    this.alive.add(session)
  }

  private useHttp1(): void {
    this.http1 ??= new UndiciUpstream(this.way, this.options)
    this.http1Until = performance.now() + HTTP1_HOLDS
    for (const { handler, request } of this.waiting.splice(0)) this.http1.send(request, handler)
    if (this.closing !== undefined) void this.http1.close()
    this.endIfDone()
  }

  /** HTTP/2 has another way to change the protocol (RFC 8441), which few servers know; many offer both versions behind https. */
  private change(request: UpstreamRequest, handler: UpstreamHandler): void {
    if (this.way.protocol === 'any') {
      this.http1 ??= new UndiciUpstream(this.way, this.options)
      this.http1.send(request, handler)
    } else {
      const reason = 'server speaks HTTP/2 only'
      handler.onResponseError(null, new ConnectFailure(reason, 'upstream_unreachable'))
    }
  }

  private giveUp(count: number, error: Error): void {
    for (const { handler } of this.waiting.splice(0, count)) handler.onResponseError(null, error)
    this.endIfDone()
  }

  /** Where it is to close: when nobody waits any more, connections end with their last streams. */
  private endIfDone(): void {
    if (this.closing === undefined || this.waiting.length > 0) return
    for (const session of this.sessions) session.retire()
    if (this.alive.size === 0) this.closing.resolve()
  }
}
