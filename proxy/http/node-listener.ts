import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../core/clock.ts'
import { Crowd } from './crowd.ts'
import type { ListenerOptions, ListenerOwner } from './listener.ts'
import { Connection } from './node-connection.ts'
import { NodeDownstream } from './node-downstream.ts'
import { NodeUpgrade } from './node-upgrade.ts'
import { type Rejection, reject } from './request-head.ts'
import type { Peer, Speaker } from './speaker.ts'
import { hearFirstPacket, hearMalformed, hearNoMore } from './unheard-errors.ts'
import { protocolAsked } from './upgrade.ts'

/**
 * HTTP/1 by node:http, whose server listens nowhere itself: the door gives it connections. Its parser is strict; what it lets through is
 * judged once more by `readRequestHead`.
 */
export class NodeListener implements Speaker {
  private readonly owner: ListenerOwner
  private readonly server: Server
  private upgrades: readonly string[]
  private readonly connections = new Set<Connection>()
  private readonly now: () => number
  private draining = false
  private readonly crowd = new Crowd()

  constructor(options: ListenerOptions, clock: Clock, owner: ListenerOwner) {
    this.owner = owner
    this.now = () => clock.now
    this.upgrades = options.upgrades
    this.server = createServer({
      ...nodeOptions(options),
      requireHostHeader: false, // Judged from the raw fields.
      optimizeEmptyRequests: true,
      requestTimeout: 0, // Bodies have a deadline between two pieces, kept by the exchange.
      keepAliveTimeoutBuffer: 0,
      noDelay: true,
      // Others are requests like any other.
      shouldUpgradeCallback: (request) => this.takes(request),
    })
    this.server.maxHeadersCount = 0 // Node would drop what is over the count without a word.
    this.server.emit('listening') // Or it would not look for late heads.
    const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
      this.onRequest(request, response)
    this.server.on('request', onRequest)
    this.server.on('checkContinue', onRequest)
    this.server.on('checkExpectation', onRequest) // Expect is judged with the rest of the head.
    this.server.on('upgrade', (request, socket, head) => {
      this.onUpgrade(request, socket as Socket, head)
    })
    this.server.on('connect', (_request, socket) => {
      // Behind the last request of a connection it is nothing, and must not harm the answer before it.
      if (Connection.of(socket)?.closing === true) return
      this.refuse(socket, reject(501, 'not_implemented', 'CONNECT'))
    })
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      this.onClientError(error, socket)
    })
  }

  accept(socket: Socket, peer: Peer): void {
    const connection = new Connection(socket, peer, this.crowd, this.start)
    connection.bytesBefore = socket.bytesRead - socket.readableLength // A PROXY header is no part of a head.
    this.connections.add(connection)
    socket.on('close', () => {
      this.connections.delete(connection)
      connection.left()
      hearNoMore(socket)
    })
    this.server.emit('connection', socket)
    hearFirstPacket(socket)
  }

  /** Node reads its options where they are used; to look for late heads in another interval it has to begin again. */
  follow(options: ListenerOptions): void {
    Object.assign(this.server, nodeOptions(options))
    this.upgrades = options.upgrades
    if (!this.draining) this.server.emit('listening')
  }

  drain(): void {
    this.draining = true
    for (const connection of this.connections) {
      if (connection.pending.length > 0) this.endAfterLast(connection)
    }
  }

  closeIdle(): void {
    this.server.closeIdleConnections()
  }

  kill(): void {
    for (const { socket } of this.connections) socket.destroy()
  }

  tick(): void {
    const now = this.now()
    for (const { socket, lingersUntil } of this.connections) {
      if (now >= lingersUntil) socket.destroy()
    }
  }

  close(): void {
    this.server.close() // It does not listen, but looks for late heads.
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    const connection = Connection.of(request.socket)
    if (connection === undefined || connection.closing) return
    const downstream = new NodeDownstream(request, response, connection, this.now)
    connection.bytesBefore = connection.socket.bytesRead
    connection.add(downstream)
    if (connection.crowds) this.cutOff(connection)
  }

  /** Nothing of it is answered: what made it a part of the crowd would be kept until it is. */
  private cutOff(connection: Connection): void {
    connection.closing = true
    this.owner.onRejected(reject(0, 'flood', 'too many requests at once'), connection.peer.address)
    connection.socket.destroy()
  }

  /** Whether a request changes the protocol. If not, it may have a body, of which node:http does not say whether it is malformed. */
  private takes(request: IncomingMessage): boolean {
    if (this.protocolOf(request) !== undefined) return true
    const connection = Connection.of(request.socket)
    if (connection?.closing === false) {
      hearMalformed(request, () => this.onBadBody(connection, 'a malformed body'))
    }
    return false
  }

  /** What a request asks to change to, if that may be. */
  private protocolOf(request: IncomingMessage): string | undefined {
    if (Connection.of(request.socket)?.closing !== false) return undefined
    const { httpVersion: version, method, rawHeaders: fields } = request
    return protocolAsked({ version, method: method!, fields }, this.upgrades)
  }

  /** node:http has let go of the connection. The request waits for its turn like any other. */
  private onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const connection = Connection.of(socket)
    const protocol = this.protocolOf(request)
    if (connection === undefined || protocol === undefined) {
      socket.destroy()
      return
    }
    connection.letGo()
    const upgrade = new NodeUpgrade(protocol, request, socket, head)
    connection.add(new NodeDownstream(request, upgrade.response, connection, this.now, upgrade))
  }

  private readonly start = (downstream: NodeDownstream, connection: Connection): void => {
    downstream.upgrade?.begin()
    if (this.draining) this.endAfterLast(connection)
    if (downstream.saysClose) downstream.close() // RFC 9112, section 9.3.
    this.owner.onRequest(downstream)
  }

  /** What has come in is answered; the last answer says that the connection ends. */
  private endAfterLast({ pending }: Connection): void {
    // An answer whose head has gone cannot say so any more: the next one will, or the connection is idle after it.
    if (pending.length === 1 && !pending[0].begun) pending[0].close()
  }

  private onClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    const connection = Connection.of(socket)
    const code = error.code ?? ''
    const parsing = code.startsWith('HPE_')
    if (connection === undefined || (!parsing && code !== 'ERR_HTTP_REQUEST_TIMEOUT')) {
      socket.destroy() // The connection broke; its requests learn it from 'close'.
      return
    }
    if (parsing && this.onBadBody(connection, error.message)) return
    if (!connection.closing) {
      this.refuse(socket, rejectionOf(error, connection.socket, connection.bytesBefore))
    }
  }

  /** False: the parser is in no body. */
  private onBadBody(connection: Connection, reason: string): boolean {
    const current = connection.pending.at(-1) // If anywhere, it is in that of the latest.
    if (current === undefined || !current.receiving) return false
    connection.closing = true
    current.badBody(reason)
    return true
  }

  /** Answers what never became a request, once the answers before it are out. */
  private refuse(socket: Duplex, rejection: Rejection): void {
    const connection = Connection.of(socket)
    if (connection === undefined || connection.closing) {
      socket.destroy()
      return
    }
    connection.close(this.now)
    this.owner.onRejected(rejection, connection.peer.address)
    const speak = (): void => this.speak(connection.socket, rejection)
    if (connection.pending.length > 0) connection.lastWord = speak
    else speak()
  }

  private speak(socket: Socket, { status, word }: Rejection): void {
    if (!socket.writable) return // The answer before was the last one, and is perhaps still on its way.
    const body = `${JSON.stringify({ error: word })}\n`
    socket.write(
      `HTTP/1.1 ${status} ${REASONS[status]}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${body.length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
    )
    socket.destroySoon()
  }
}

function nodeOptions({ limits, timeouts }: ListenerOptions) {
  return {
    // The parser counts the target too; whether it is the target or the rest that is too large is judged afterwards.
    maxHeaderSize: limits.headSize + limits.target,
    headersTimeout: Math.ceil(timeouts.clientHeader),
    keepAliveTimeout: Math.ceil(timeouts.clientIdle),
    // Node looks for late heads this often; its default of 30 s would hold slow clients for half a minute.
    connectionsCheckingInterval: Math.ceil(Math.max(10, Math.min(1000, timeouts.clientHeader / 4))),
  }
}

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  414: 'URI Too Long',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
}

/** `before`: bytes that the connection had brought when the latest request was complete. */
function rejectionOf(error: NodeJS.ErrnoException, socket: Socket, before: number): Rejection {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return reject(408, 'client_timeout', 'the head took too long')
  }
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    // Only the latest packet is at hand. It tells where the head overflowed if it is also the head's first.
    const { rawPacket } = error as { rawPacket?: Buffer }
    const isFirst = rawPacket !== undefined && before + rawPacket.length >= socket.bytesRead
    return isFirst && !rawPacket.includes(10)
      ? reject(414, 'target_too_long', 'request target')
      : reject(431, 'head_too_large', 'head')
  }
  return reject(400, 'bad_request', error.message)
}
