import type { Socket } from 'node:net'
import { buildConnector, Client } from 'undici'
import type { Errand } from './errand.ts'
import { Line } from './line.ts'
import { REAL_TIME, type Timer } from './timer.ts'

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
  /** How long a request may take, connecting included, in milliseconds. Default: for ever. */
  readonly timeout?: number | undefined
  readonly timer?: Timer | undefined
}

/** So many connections may be under way at a time; once more are open, as many as those. */
const DIALS = 64
/** Milliseconds more than a request has: so its own time is always up first, and says so. */
const LONGER = 2000

/** One connection, with one request at a time on it. */
export class Connection extends Client {
  busy = false
  /** What undici gets with its first request, and knows nothing of before. */
  unused: Socket | undefined

  /** Breaks it off, used or not. */
  end(error: Error | null): Promise<void> {
    this.unused?.destroy()
    return this.destroy(error)
  }
}

/**
 * Connections to one origin. A request takes the idle one that became so last, so that of many the busy ones are few; where there is
 * none it waits for whichever comes first, one that becomes idle or a new one, and no more are dialled at a time than keep the dialling
 * short: a burst that opened one for each of its requests would measure that. undici's own Pool binds a request to the connection that
 * it opens, and looks through all of them for an idle one, twice a request: with the thousands that an open model needs while a server
 * stalls that takes longer than the requests.
 */
export class Connections {
  private readonly url: string
  private readonly most: number
  private readonly options: Client.Options
  private readonly connector: buildConnector.connector
  private readonly place: buildConnector.Options
  private readonly timer: Timer
  private readonly all = new Set<Connection>()
  private readonly idle: Connection[] = []
  private readonly waiting = new Line<Errand>()
  private readonly dials = new Set<{ socket?: Socket }>()
  private closed = false

  constructor(options: ConnectionOptions) {
    const { connections = Infinity, keepAlive = true, timeout, tls = {}, url } = options
    const { host, hostname, port, protocol } = new URL(url)
    const patience = timeout === undefined ? 0 : timeout + LONGER
    this.url = url
    this.most = connections
    this.timer = options.timer ?? REAL_TIME
    this.connector = buildConnector({ ...(tls as object), allowH2: false, timeout: patience })
    this.place = { host, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port, protocol }
    this.options = {
      // One at a time, or with 0 none after another.
      pipelining: keepAlive ? 1 : 0,
      allowH2: false,
      // How long an answer may take is the generator's to say, to the millisecond, and not to a second.
      headersTimeout: 0,
      bodyTimeout: 0,
    }
  }

  /** How many there are. */
  get count(): number {
    return this.all.size
  }

  /** Requests that wait for a connection. */
  get queued(): number {
    return this.waiting.length
  }

  dispatch(errand: Errand): void {
    const connection = this.takeIdle()
    if (connection !== undefined) return this.use(connection, errand)
    this.waiting.push(errand)
    this.dial()
  }

  /** Its request is over, and the connection can have another. */
  release(connection: Connection): void {
    connection.busy = false
    if (this.all.has(connection)) this.offer(connection, this.timer.now())
  }

  /** Breaks the connection off, and with it its request. */
  destroy(connection: Connection, error: Error): void {
    this.all.delete(connection)
    void connection.end(error)
    // Another may be opened in its place.
    this.dial()
  }

  async close(): Promise<void> {
    this.closed = true
    for (const { socket } of this.dials) socket?.destroy()
    await Promise.all([...this.all].map((connection) => connection.end(null)))
    this.all.clear()
    this.idle.length = 0
  }

  private takeIdle(): Connection | undefined {
    let connection = this.idle.pop()
    // Those that the other side has closed meanwhile are no longer among all.
    while (connection !== undefined && !this.all.has(connection)) connection = this.idle.pop()
    return connection
  }

  private firstInLine(): Errand | undefined {
    while (this.waiting.first?.over === true) this.waiting.shift()
    return this.waiting.first
  }

  /** Whoever waits longest takes it. Since `from` somebody could have had it, or had it made. */
  private offer(connection: Connection, from: number): void {
    const next = this.firstInLine()
    if (next === undefined) {
      this.idle.push(connection)
      return
    }
    this.waiting.shift()
    // Where connections are limited, standing in line is no service.
    if (this.most !== Infinity) next.stepForward(from)
    this.use(connection, next)
  }

  private use(connection: Connection, errand: Errand): void {
    connection.busy = true
    errand.client = connection
    connection.dispatch(errand.options, errand)
  }

  /** As many new ones as are waited for, within bounds. */
  private dial(): void {
    if (this.firstInLine() === undefined || this.closed) return
    const { all, dials } = this
    const atOnce = Math.min(this.waiting.length, Math.max(DIALS, all.size))
    while (dials.size < atOnce && all.size + dials.size < this.most) this.dialOne()
  }

  private dialOne(): void {
    const dialled: { socket?: Socket } = {}
    const from = this.timer.now()
    this.dials.add(dialled)
    const answer: buildConnector.Callback = (error, socket) => {
      this.dials.delete(dialled)
      if (this.closed) socket?.destroy()
      else if (error !== null) this.refused(error)
      else this.offer(this.open(socket), from)
      this.dial()
    }
    dialled.socket = this.connector(this.place, answer) as unknown as Socket
  }

  /** One of those who wait has waited in vain: the first, as each dial is for one of them. */
  private refused(error: Error): void {
    // By then its time was up anyway.
    if ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT') return
    if (this.firstInLine() !== undefined) this.waiting.shift()!.onResponseError(undefined, error)
  }

  private open(socket: Socket): Connection {
    // Until undici has it somebody must notice when the other side hangs up.
    const noticed = (): void => {}
    socket.on('error', noticed).resume()
    const connect: buildConnector.connector = (options, callback) => {
      const fresh = connection.unused !== undefined
      connection.unused = undefined
      if (!fresh || socket.destroyed) return this.connector(options, callback)
      // Never within `dispatch`: undici would not go on with the request.
      queueMicrotask(() => {
        callback(null, socket)
        socket.off('error', noticed)
      })
    }
    const connection = new Connection(this.url, { ...this.options, connect })
    connection.unused = socket
    this.all.add(connection)
    connection.on('disconnect', () => {
      // One with a request connects again by itself.
      if (connection.busy) return
      this.all.delete(connection)
      void connection.destroy(null)
    })
    return connection
  }
}
