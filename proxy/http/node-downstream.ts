import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BodySink, Downstream, DownstreamBody, DownstreamOwner } from './downstream.ts'
import type { Connection } from './node-connection.ts'
import type { NodeUpgrade } from './node-upgrade.ts'
import { type Rejection, reject } from './request-head.ts'

/** Larger bodies are not copied into a text, in bytes. */
const ONE_WRITE = 16 * 1024

/** With what node:http keeps to itself; none of it is relied on to be there. */
type KnownResponse = ServerResponse & {
  downstream: NodeDownstream
  _header?: unknown
  _headerSent?: boolean
  _hasBody?: boolean
  _expect_continue?: boolean
  _send?: (text: string, encoding: 'latin1') => void
}

const CLOSE = /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i

function onDrain(this: ServerResponse): void {
  ;(this as KnownResponse).downstream.owner?.onDrain()
}

function onClose(this: ServerResponse): void {
  ;(this as KnownResponse).downstream.closed()
}

function ignore(): void {}

/** A request and its answer as node:http has them. */
export class NodeDownstream implements Downstream {
  readonly method: string
  readonly target: string
  readonly fields: readonly string[]
  readonly version: string
  readonly address: string
  readonly hidden: boolean
  readonly encrypted: boolean
  readonly body: NodeBody | undefined
  readonly upgrade: NodeUpgrade | undefined
  rejection: Rejection | undefined
  owner: DownstreamOwner | undefined
  private readonly request: IncomingMessage
  private readonly response: ServerResponse
  private readonly connection: Connection
  private readonly now: () => number

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    connection: Connection,
    now: () => number,
    upgrade?: NodeUpgrade,
  ) {
    this.method = request.method!
    this.target = request.url!
    this.fields = request.rawHeaders
    this.version = request.httpVersion
    const { address, encrypted, hidden } = connection.peer
    this.address = address
    this.hidden = hidden
    this.encrypted = encrypted
    this.rejection = undefined
    this.owner = undefined
    this.upgrade = upgrade
    this.request = request
    this.response = response
    this.connection = connection
    this.now = now
    this.body = hasBody(request) ? new NodeBody(request, response) : undefined
    const known = response as KnownResponse
    known.downstream = this
    // node:http would end the connection, as if a body that nobody asked for were still to come.
    if (this.body === undefined && known._expect_continue === true) known._expect_continue = false
    response.on('close', onClose)
    response.on('error', ignore) // A write after the client left; 'close' tells.
  }

  /** It is the last of its connection, and node:http does not know: it goes by keep-alive alone where an HTTP/1.0 client says both. */
  get saysClose(): boolean {
    return this.version === '1.0' && CLOSE.test(this.request.headers.connection ?? '')
  }

  /** The end of the request has not been read yet. */
  get receiving(): boolean {
    return !this.request.complete
  }

  /** The final head is made. */
  get begun(): boolean {
    return this.response.headersSent
  }

  get unwatched(): boolean {
    return this.connection.paused || this.upgrade?.full === true
  }

  inform(status: number, fields: readonly string[]): void {
    const { response } = this
    // An interim answer may be left out (RFC 9110, section 15.2): where the client does not read, where it would not
    // understand, and where this Node cannot write it.
    if (this.connection.socket.writableLength > 0 || this.version === '1.0') return
    if (typeof response.writeInformation !== 'function') return
    const headers = Object.create(null) as Record<string, string[]>
    for (let i = 0; i < fields.length; i += 2) (headers[fields[i]] ??= []).push(fields[i + 1])
    response.writeInformation(status, headers)
  }

  head(status: number, reason: string, fields: readonly string[]): void {
    if (this.upgrade !== undefined) this.decline()
    this.response.writeHead(status, reason, fields as string[])
  }

  flush(): void {
    const response = this.response as KnownResponse
    // flushHeaders would write bytes beyond ASCII as UTF-8, two for one.
    if (typeof response._send === 'function') response._send('', 'latin1')
    else response.flushHeaders()
  }

  write(chunk: Uint8Array): boolean {
    const { response } = this
    if (response.write(chunk)) return true
    if (response.listenerCount('drain') === 0) response.on('drain', onDrain)
    return false
  }

  end(chunk?: Uint8Array, trailers?: readonly string[]): void {
    const { response } = this
    if (trailers !== undefined && trailers.length > 0) {
      const pairs: [string, string][] = []
      for (let i = 0; i < trailers.length; i += 2) pairs.push([trailers[i], trailers[i + 1]])
      response.addTrailers(pairs)
    }
    if (chunk === undefined) response.end()
    else if (!this.endInOneWrite(chunk)) response.end(chunk)
  }

  /**
   * node:http hands head, body and end to the operating system as three buffers. As one text they cost a sixth less
   * processor time a request, so a small body whose length is announced goes out glued to its head, which node:http keeps in
   * `_header` until the first write. False: not possible, nothing was done.
   */
  private endInOneWrite(chunk: Uint8Array): boolean {
    const response = this.response as KnownResponse
    if (chunk.length > ONE_WRITE || response._headerSent || response.chunkedEncoding) return false
    if (typeof response._header !== 'string' || !response._hasBody) return false
    response._header += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')
    response.end()
    return true
  }

  close(): void {
    this.response.shouldKeepAlive = false
    this.connection.close(this.now, this)
  }

  cut(): void {
    this.connection.socket.destroy()
  }

  /** Its wish is not granted, and the connection ends with the answer. */
  private decline(): void {
    this.upgrade!.decline()
    this.close()
  }

  /** For the listener: the parser gave up within this request's body. */
  badBody(reason: string): void {
    if (this.owner === undefined) this.rejection = reject(400, 'bad_request', reason)
    else this.owner.onBadBody(reason)
  }

  /** The answer is out, or the connection is gone. */
  closed(): void {
    this.connection.finished(this)
    if (this.response.writableFinished) this.owner?.onDone()
    else this.owner?.onLeft()
  }
}

function hasBody(request: IncomingMessage): boolean {
  // Node ends the stream of a request without a body at once (`optimizeEmptyRequests`); before it did, none is chunked.
  if (request.readableEnded) return false
  const { headers } = request
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** A body as node:http streams it. */
export class NodeBody implements DownstreamBody {
  readonly length: number | undefined
  private readonly request: IncomingMessage
  private readonly response: ServerResponse
  private sink: BodySink | undefined
  private started = false

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request
    this.response = response
    const length = request.headers['content-length']
    this.length = length === undefined ? undefined : Number(length)
  }

  resume(sink: BodySink): void {
    const { request } = this
    this.sink = sink
    if (!this.started) {
      this.started = true
      const { expect } = request.headers
      if (expect !== undefined && request.httpVersion === '1.1') this.response.writeContinue()
      request.on('data', (chunk: Buffer) => this.sink?.onBody(chunk))
      request.on('end', () => this.sink?.onBodyEnd())
    }
    request.resume()
  }

  pause(): void {
    this.request.pause()
  }

  discard(): void {
    this.sink = undefined
    this.request.resume()
  }
}
