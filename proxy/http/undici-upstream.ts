import { Client, type Dispatcher, Pool } from 'undici'
import type { Upstream, UpstreamConnection, UpstreamHandler, UpstreamRequest } from './upstream.ts'

export interface UndiciUpstreamOptions {
  /** How long a connection may take to come about, in milliseconds. */
  connectTimeout: number
  /** How long an idle connection is kept, at most, in milliseconds. */
  idleTimeout: number
}

/** A connection of a pool that tells its handlers whether it was used before, which undici itself does not. */
class TrackedClient extends Client implements UpstreamConnection {
  used = false

  constructor(origin: string | URL, options: Client.Options) {
    super(origin, options)
    this.on('connect', () => {
      this.used = false
    })
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
      factory: (url: URL, options: object) => new TrackedClient(url, options),
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

  async close(): Promise<void> {
    await this.pool.close()
  }

  async destroy(): Promise<void> {
    await this.pool.destroy()
  }
}
