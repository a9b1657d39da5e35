import type { Socket } from 'node:net'
import { type buildConnector, Client, type Dispatcher, Pool } from 'undici'
import { ContinueFilter } from './continue-filter.ts'
import type { Upstream, UpstreamConnection, UpstreamHandler, UpstreamRequest } from './upstream.ts'

export interface UndiciUpstreamOptions {
  /** How long a connection may take to come about, in milliseconds. */
  connectTimeout: number
  /** How long an idle connection is kept, at most, in milliseconds. */
  idleTimeout: number
}

/**
 * A connection of a pool that tells its handlers whether it was used before, which undici itself does not, and that bears
 * a `100 Continue` nobody asked for.
 */
class TrackedClient extends Client implements UpstreamConnection {
  used = false
  awaitsHead = false

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
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    ;(handler as Partial<UpstreamHandler>).connection = this
    return super.dispatch(options, handler)
  }
}

/** A backend behind an undici pool: as many connections as there are requests at a time, each used by one at a time. */
export class UndiciUpstream implements Upstream {
  private readonly pool: Pool

  constructor(origin: string, options: UndiciUpstreamOptions) {
    this.pool = new Pool(origin, {
      factory: (url: URL, given: object) =>
        new TrackedClient(url, given as ConstructorParameters<typeof TrackedClient>[1]),
      allowH2: false,
      pipelining: 1,
      connect: { timeout: options.connectTimeout },
      keepAliveTimeout: options.idleTimeout,
      keepAliveMaxTimeout: options.idleTimeout,
      // Deadlines are the exchange's: one authority, one clock, one word for each.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): void {
    this.pool.dispatch(request as unknown as Dispatcher.DispatchOptions, handler)
  }

  async destroy(): Promise<void> {
    await this.pool.destroy()
  }
}
