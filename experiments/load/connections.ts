import { buildConnector, Client } from 'undici'
import type { Errand } from './errand.ts'
import { Line } from './line.ts'

/** What TLS needs to know, of Node's `tls.connect`. */
export interface Tls {
  readonly rejectUnauthorized?: boolean | undefined
  readonly ca?: readonly (string | Buffer)[] | undefined
}

export interface ConnectionOptions {
  /** An origin: `http://127.0.0.1:8080`. */
  readonly url: string
  /** No more than so many connections at a time. Default: as many as there are requests in flight. */
  readonly connections?: number | undefined
  /** Default true; else each request has a connection of its own. */
  readonly keepAlive?: boolean | undefined
  readonly tls?: Tls | undefined
}

/**
 * Connections to one origin, with one request at a time on each. The one that became idle last is taken first, so that of many
 * the busy ones are few. undici's own Pool looks through all connections for an idle one, twice a request: with the thousands that
 * an open model needs while a server stalls that takes longer than the requests.
 */
export class Connections {
  private readonly url: string
  private readonly most: number
  private readonly options: Client.Options
  private readonly all = new Set<Client>()
  private readonly idle: Client[] = []
  private readonly waiting = new Line<Errand>()

  constructor({ url, connections = Infinity, keepAlive = true, tls = {} }: ConnectionOptions) {
    this.url = url
    this.most = connections
    this.options = {
      // One at a time, or with 0 none after another.
      pipelining: keepAlive ? 1 : 0,
      allowH2: false,
      // How long an answer may take is the generator's to say, to the millisecond, and not to a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: buildConnector({ ...(tls as object), allowH2: false, timeout: 0 }),
    }
  }

  /** How many there are. */
  get count(): number {
    return this.all.size
  }

  /** Requests that wait for a connection: only where they are limited. */
  get queued(): number {
    return this.waiting.length
  }

  dispatch(errand: Errand): void {
    const client = this.idle.pop() ?? this.open()
    if (client === undefined) this.waiting.push(errand)
    else this.use(client, errand)
  }

  /** Its request is over, and the connection can have another. */
  release(client: Client): void {
    if (!this.all.has(client)) return
    const next = this.nextInLine()
    if (next === undefined) this.idle.push(client)
    else this.use(client, next)
  }

  /** Breaks the connection off, and with it its request. */
  destroy(client: Client, error: Error): void {
    this.all.delete(client)
    void client.destroy(error)
    // Another may be opened in its place.
    const next = this.nextInLine()
    if (next !== undefined) this.dispatch(next)
  }

  async close(): Promise<void> {
    await Promise.all([...this.all].map((client) => client.destroy(null)))
    this.all.clear()
    this.idle.length = 0
  }

  private nextInLine(): Errand | undefined {
    let next = this.waiting.shift()
    while (next !== undefined && next.over) next = this.waiting.shift()
    next?.stepForward()
    return next
  }

  private use(client: Client, errand: Errand): void {
    errand.client = client
    client.dispatch(errand.options, errand)
  }

  private open(): Client | undefined {
    if (this.all.size >= this.most) return undefined
    const client = new Client(this.url, this.options)
    this.all.add(client)
    return client
  }
}
