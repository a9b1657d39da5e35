import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { DownstreamUpgrade } from './downstream.ts'

/** With what node:http keeps on the sockets that it has: who answers now. */
type KnownSocket = Socket & { _httpMessage?: ServerResponse | null }

/** With more bytes waiting for a tunnel than this no more are read. */
const MOST_KEPT = 64 * 1024

/** After so long without a word the operating system asks whether the client is still there, in milliseconds. */
const KEEP_ALIVE = 60_000

/**
 * A connection that node:http has let go of, because its latest request asks for another protocol. Until that is decided
 * what the client sends is kept here, and not in the stream: bodies of requests before this one set that flowing, whatever
 * it is told. What node:http has stopped doing for the answers that are still due is done here.
 */
export class NodeUpgrade implements DownstreamUpgrade {
  readonly protocol: string
  readonly response: ServerResponse
  private readonly socket: KnownSocket
  /** What the client has sent behind its request. Undefined: nobody wants it. */
  private kept: Buffer[] | undefined
  private size: number

  /** `head`: what came behind the request in the same packet. */
  constructor(protocol: string, request: IncomingMessage, socket: Socket, head: Buffer) {
    this.protocol = protocol
    this.response = new ServerResponse(request)
    this.response.shouldKeepAlive = false // An answer that is not 101 is the last one.
    this.socket = socket
    this.kept = [head]
    this.size = head.length
    socket.on('error', () => {}) // 'close' tells.
    socket.on('drain', this.onDrain)
    socket.on('data', this.onData)
    socket.on('end', this.onEnd)
  }

  /** The requests before it are answered: it is its turn. */
  begin(): void {
    const { response, socket } = this
    socket.setTimeout(0)
    response.assignSocket(socket)
    response.on('finish', () => {
      response.detachSocket(socket)
      socket.destroySoon()
      process.nextTick(() => response.emit('close'))
    })
  }

  accept(reason: string, fields: readonly string[]): Duplex {
    const { response, socket } = this
    response.writeHead(101, reason, fields as string[])
    response.flushHeaders()
    response.detachSocket(socket)
    socket.off('drain', this.onDrain)
    socket.off('data', this.onData)
    socket.off('end', this.onEnd)
    if (this.size > 0) socket.unshift(Buffer.concat(this.kept!))
    this.kept = undefined
    socket.allowHalfOpen = true
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE)
    return socket
  }

  /** It gets an answer like any other. What the client sent behind its request is no request, and is thrown away. */
  decline(): void {
    this.kept = undefined
    this.socket.resume()
  }

  /** The client has sent more than is kept. */
  get full(): boolean {
    return this.size > MOST_KEPT
  }

  private readonly onDrain = (): void => {
    this.socket._httpMessage?.emit('drain')
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.kept === undefined) return
    this.kept.push(chunk)
    this.size += chunk.length
    if (this.size > MOST_KEPT) this.socket.pause()
  }

  /** Whoever ends his side has left, as with any other request. */
  private readonly onEnd = (): void => {
    this.socket.end()
  }
}
