import { type ClientHttp2Stream, constants } from 'node:http2'
import type { Readable } from 'node:stream'
import type { H2Session } from './h2-session.ts'
import { faultOf, StreamFailure } from './h2-failure.ts'
import type {
  UpstreamConnection,
  UpstreamControl,
  UpstreamHandler,
  UpstreamRequest,
} from './upstream.ts'

const { NGHTTP2_CANCEL } = constants

/** One request and its answer, in a stream of a session. */
export class H2Stream implements UpstreamControl, UpstreamConnection {
  /** The session had served before, and was idle: it may just have been closing. */
  used: boolean
  awaitsHead = false
  readonly version = '2'
  rawHeaders: readonly string[] | undefined = undefined
  rawTrailers: readonly string[] | undefined = undefined
  private readonly session: H2Session
  private readonly handler: UpstreamHandler
  private stream: ClientHttp2Stream | undefined = undefined
  private body: Readable | null = null
  private answered = false
  /** The server has said that this is all. */
  private whole = false
  private over = false

  constructor(session: H2Session, handler: UpstreamHandler) {
    this.session = session
    this.handler = handler
    this.used = session.rested
    handler.connection = this
  }

  /** False: nobody wants it any more. */
  begin(request: UpstreamRequest, authority: string): boolean {
    const { handler, session } = this
    handler.onRequestStart(this)
    if (this.over) return false
    const { body } = request
    try {
      const fields = fieldsOf(request, session.scheme, authority)
      this.stream = session.session.request(fields, { endStream: body === null })
    } catch {
      this.fail(new StreamFailure('unwritable'))
      return false
    }
    this.listen(this.stream)
    if (body !== null) this.upload(this.stream, body)
    return true
  }

  pause(): void {
    this.stream?.pause()
  }

  resume(): void {
    this.stream?.resume()
  }

  abort(): void {
    if (this.over) return
    this.over = true
    if (this.stream === undefined) return
    // No answer at all: perhaps nobody is there any more.
    if (!this.answered) this.session.doubt()
    this.leave()
  }

  private listen(stream: ClientHttp2Stream): void {
    stream.on('headers', (headers, _flags, raw?: unknown) =>
      this.onInterim(headers[':status'], raw),
    )
    stream.on('response', (headers, _flags, raw?: unknown) =>
      this.onResponse(headers[':status'], raw),
    )
    stream.on('trailers', (_headers, _flags, raw?: unknown) => {
      this.rawTrailers = regular(raw as string[])
    })
    stream.on('data', (chunk: Buffer) => {
      if (!this.over) this.handler.onResponseData(this, chunk)
    })
    stream.on('end', () => this.onEnd())
    stream.on('error', () => {}) // `close` follows, and says it all.
    stream.on('close', () => this.onClose(stream))
    // node:http2 ends the answer in the same way for a stream that was reset without an error; but then it is closed before.
    const push = stream.push.bind(stream)
    stream.push = (chunk: unknown, encoding?: BufferEncoding) => {
      if (chunk === null && !stream.closed) this.whole = true
      return push(chunk, encoding)
    }
  }

  private upload(stream: ClientHttp2Stream, body: Readable): void {
    this.body = body
    body.on('data', (chunk: Buffer) => {
      if (!stream.write(chunk)) body.pause()
    })
    body.on('end', () => stream.end())
    stream.on('drain', () => body.resume())
  }

  private onInterim(status: number | undefined, raw: unknown): void {
    // The proxy asks for no 100; and there is no 101 (RFC 9113, section 8.6).
    if (this.over || status === undefined || status <= 101) return
    this.rawHeaders = regular(raw as string[])
    this.handler.onResponseStart(this, status, undefined)
  }

  private onResponse(status: number | undefined, raw: unknown): void {
    if (this.over) return
    if (this.answered || status === undefined) return this.fail(new StreamFailure('nonsense'))
    this.answered = true
    this.rawHeaders = regular(raw as string[])
    this.handler.onResponseStart(this, status, undefined)
  }

  private onEnd(): void {
    if (this.over || !this.answered || !this.whole) return
    this.over = true
    this.handler.onResponseEnd(this, undefined)
    // It answered without waiting for all of the request.
    if (this.body !== null && !this.body.readableEnded) this.leave()
  }

  private onClose(stream: ClientHttp2Stream): void {
    this.session.closed(this)
    if (this.over) return
    const { id, rstCode } = stream
    const { lastTaken } = this.session
    const untouched = !this.answered && lastTaken >= 0 && (id === undefined || id > lastTaken)
    const fault = untouched ? 'retired' : faultOf(rstCode)
    // An answer that has begun was looked at, whatever the server says.
    this.fail(new StreamFailure(this.answered && fault === 'refused' ? 'broken' : fault))
  }

  private fail(failure: StreamFailure): void {
    this.over = true
    this.leave()
    this.handler.onResponseError(this, failure)
  }

  private leave(): void {
    this.body?.destroy()
    const { stream } = this
    if (stream === undefined || stream.destroyed) return
    stream.close(NGHTTP2_CANCEL)
    stream.destroy() // Otherwise it would wait for somebody to read what has come.
  }
}

/** As HTTP/2 has it: Host is a field of its own kind, and names are in small letters (RFC 9113, section 8.3). */
function fieldsOf(
  { headers, method, path }: UpstreamRequest,
  scheme: string,
  usual: string,
): string[] {
  let authority = usual
  const fields: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i].toLowerCase()
    if (name === 'host') authority = headers[i + 1]
    else fields.push(name, headers[i + 1])
  }
  const pseudo = [':method', method, ':scheme', scheme, ':authority', authority, ':path', path]
  return [...pseudo, ...fields]
}

/** Without what begins with a colon. */
function regular(raw: readonly string[]): string[] {
  const fields: string[] = []
  for (let i = 0; i < raw.length; i += 2)
    if (!raw[i].startsWith(':')) fields.push(raw[i], raw[i + 1])
  return fields
}
