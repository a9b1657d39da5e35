import type { Socket } from 'node:net'
import { type buildConnector, Client, type Dispatcher, Pool } from 'undici'
import { connectorTo } from './connector.ts'
import { ContinueFilter } from './continue-filter.ts'
import type { UpstreamOptions } from './open-upstream.ts'
import type { Upstream, UpstreamConnection, UpstreamHandler, UpstreamRequest } from './upstream.ts'
import type { Way } from './way.ts'

/**
 * A connection of a pool that tells its handlers whether it was used before, which undici itself does not, and that bears
 * a `100 Continue` nobody asked for.
 */
class TrackedClient extends Client implements UpstreamConnection {
  readonly version = '1.1'
  used = false
  awaitsHead = false
  private socket: Socket | undefined = undefined

  constructor(
    origin: string | URL,
    options: Client.Options & { connect: buildConnector.connector },
  ) {
    const { connect } = options
    super(origin, {
      ...options,
      connect: (target, done) => {
        connect(target, (error, socket) => {
          if (error !== null) return done(error, null)
          this.socket = socket
          this.filter(socket)
          done(null, socket)
        })
      },
    })
    this.on('connect', () => {
      this.used = false
    })
  }

  /** undici's parser takes what it reads from `read`. */
  private filter(socket: Socket): void {
    const read = socket.read.bind(socket)
    const heads = new ContinueFilter()
    socket.read = (size?: number) => {
      const piece = read(size) as Buffer | null
      return piece !== null && this.awaitsHead ? heads.pass(piece) : piece
    }
    // It may have become a tunnel's, and this client's next connection await a head.
    this.once('disconnect', () => delete (socket as Partial<Socket>).read)
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    ;(handler as Partial<UpstreamHandler>).connection = this
    // The pool gives nothing to a client that has something to do. undici waits until the socket has closed, and makes another.
    if ((options as Partial<UpstreamRequest>).fresh === true && this.used) this.socket?.destroy()
    return super.dispatch(options, handler)
  }
}

/** A backend behind an undici pool: as many connections as there are requests at a time, each used by one at a time. */
export class UndiciUpstream implements Upstream {
  private readonly pool: Pool
  private readonly secure: boolean

  constructor(way: Way, options: UpstreamOptions) {
    const { connections, connectTimeout, idleTimeout } = options
    this.secure = way.secure !== undefined
    this.pool = new Pool(way.origin, {
      factory: (url: URL, given: object) =>
        new TrackedClient(url, given as ConstructorParameters<typeof TrackedClient>[1]),
      allowH2: false,
      pipelining: idleTimeout > 0 ? 1 : 0,
      connect: connectorTo(way, { timeout: connectTimeout }),
      ...(connections !== undefined && { connections }),
      ...(idleTimeout > 0 && { keepAliveTimeout: idleTimeout, keepAliveMaxTimeout: idleTimeout }),
      // Deadlines are the exchange's: one authority, one clock, one word for each.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): void {
    // undici breaks a connection of TLS when the next request has another name than the last; that of the connector stays.
    const options = this.secure ? { ...request, servername: SAME } : request
    this.pool.dispatch(options as unknown as Dispatcher.DispatchOptions, handler)
  }

  async close(): Promise<void> {
    try {
      await this.pool.close()
    } catch {
      // Destroyed meanwhile.
    }
  }

  async destroy(): Promise<void> {
    await this.pool.destroy()
  }
}

const SAME = 'the same for all requests'
