import { once } from 'node:events'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { decodeFields, encodeFields, type Field } from './hpack.ts'

/** RFC 9113, section 6. */
const DATA = 0
export const HEADERS = 1
export const PRIORITY = 2
const RST_STREAM = 3
export const SETTINGS = 4
const PING = 6
const GOAWAY = 7
const WINDOW_UPDATE = 8
export const CONTINUATION = 9

export const END_STREAM = 1
export const ACK = 1
export const END_HEADERS = 4

/** RFC 9113, section 7. */
export const NO_ERROR = 0
export const PROTOCOL_ERROR = 1
export const INTERNAL_ERROR = 2
export const FLOW_CONTROL_ERROR = 3
export const REFUSED_STREAM = 7
export const CANCEL = 8
export const ENHANCE_YOUR_CALM = 11

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

/** RFC 9113, section 4.1. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = EMPTY,
): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

const EMPTY: Buffer = Buffer.alloc(0)

function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, i) => bytes.writeUInt32BE(value >>> 0, 4 * i))
  return bytes
}

export function settings(values: Record<number, number>): Buffer {
  const entries = Object.entries(values)
  const bytes = Buffer.alloc(6 * entries.length)
  entries.forEach(([id, value], i) => {
    bytes.writeUInt16BE(Number(id), 6 * i)
    bytes.writeUInt32BE(value, 6 * i + 2)
  })
  return frame(SETTINGS, 0, 0, bytes)
}

export function headers(stream: number, fields: readonly Field[], flags = END_STREAM): Buffer {
  return frame(HEADERS, flags | END_HEADERS, stream, encodeFields(fields))
}

export function data(stream: number, text: string | Buffer, flags = 0): Buffer {
  return frame(DATA, flags, stream, typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
}

export function reset(stream: number, code = CANCEL): Buffer {
  return frame(RST_STREAM, 0, stream, uint32(code))
}

export function windowUpdate(stream: number, more: number): Buffer {
  return frame(WINDOW_UPDATE, 0, stream, uint32(more))
}

export function ping(flags = 0): Buffer {
  return frame(PING, flags, 0, Buffer.alloc(8))
}

/** The pseudo-fields of a request, and what else it has. */
export function request(path = '/', more: readonly Field[] = [], method = 'GET'): Field[] {
  return [[':method', method], [':scheme', 'http'], [':authority', 'a'], [':path', path], ...more]
}

/** What one stream brought back. */
export interface Reply {
  /** The final one; undefined before it. */
  status: string | undefined
  /** Blocks of fields, in order: interim heads, the head, trailers. */
  readonly blocks: Field[][]
  body: string
  ended: boolean
  /** The code that it was reset with. */
  reset: number | undefined
}

/** An HTTP/2 client made of a bare socket: it sends the frames that a test says, sound or not, and keeps what comes back. */
export class FrameClient {
  readonly socket: Socket
  readonly frames: Frame[] = []
  readonly replies = new Map<number, Reply>()
  /** The codes of GOAWAY, with the last stream that it promises to answer. */
  readonly goaways: { code: number; last: number }[] = []
  closed = false
  /** Answers SETTINGS with ACK, and PING; a test may switch it off. */
  polite = true
  private rest: Buffer = Buffer.alloc(0)
  private waiting: { done: () => boolean; resolve: () => void }[] = []

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      this.read(chunk as Buffer)
      this.wake()
    })
    socket.on('close', () => {
      this.closed = true
      this.wake()
    })
  }

  /** Over TLS with ALPN where `tls`; nothing is sent yet. */
  static async open(port: number, tls = false): Promise<FrameClient> {
    const host = '127.0.0.1'
    const socket = tls
      ? connectTls({ port, host, ALPNProtocols: ['h2'], rejectUnauthorized: false })
      : connectPlain({ port, host })
    const client = new FrameClient(socket)
    await once(socket, tls ? 'secureConnect' : 'connect')
    socket.setNoDelay(true)
    return client
  }

  /** After the preface; this peer keeps no dynamic table. */
  static async connect(
    port: number,
    values: Record<number, number> = {},
    tls = false,
  ): Promise<FrameClient> {
    const client = await FrameClient.open(port, tls)
    client.send(PREFACE, settings({ 1: 0, ...values }))
    return client
  }

  send(...frames: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(frames))
  }

  /** Resolves as soon as the condition holds; looked at after everything that comes. */
  async until(done: () => boolean): Promise<void> {
    if (done()) return
    await new Promise<void>((resolve) => this.waiting.push({ done, resolve }))
  }

  /** What that stream brought, once it is over, whichever way. */
  async reply(stream: number): Promise<Reply> {
    const over = (): boolean => {
      const reply = this.replies.get(stream)
      return reply !== undefined && (reply.ended || reply.reset !== undefined)
    }
    await this.until(() => over() || this.closed)
    return this.replyOf(stream)
  }

  async untilClosed(): Promise<void> {
    await this.until(() => this.closed)
  }

  /** Everything sent so far has been read by the other side. */
  async heard(): Promise<void> {
    const count = (): number =>
      this.frames.filter(({ type, flags }) => type === PING && flags === ACK).length
    const before = count()
    this.send(ping())
    await this.until(() => count() > before || this.closed)
  }

  /** So many turns of the event loop: for one that may be within a block of fields, where a PING is an error. */
  async turns(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
  }

  leave(): void {
    this.socket.destroy()
  }

  private replyOf(stream: number): Reply {
    let reply = this.replies.get(stream)
    if (reply === undefined) {
      reply = { status: undefined, blocks: [], body: '', ended: false, reset: undefined }
      this.replies.set(stream, reply)
    }
    return reply
  }

  private read(chunk: Buffer): void {
    this.rest = this.rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.rest, chunk])
    let at = 0
    while (this.rest.length - at >= 9) {
      const length = this.rest.readUIntBE(at, 3)
      if (this.rest.length - at < 9 + length) break
      this.onFrame({
        type: this.rest[at + 3],
        flags: this.rest[at + 4],
        stream: this.rest.readUInt32BE(at + 5) & 0x7fffffff,
        payload: this.rest.subarray(at + 9, at + 9 + length),
      })
      at += 9 + length
    }
    this.rest = this.rest.subarray(at)
  }

  private onFrame(each: Frame): void {
    this.frames.push(each)
    const { flags, payload, stream, type } = each
    if (type === SETTINGS && flags !== ACK && this.polite) this.send(frame(SETTINGS, ACK, 0))
    if (type === PING && flags !== ACK && this.polite) this.send(frame(PING, ACK, 0, payload))
    if (type === GOAWAY) {
      this.goaways.push({ last: payload.readUInt32BE(0), code: payload.readUInt32BE(4) })
    }
    if (stream === 0 || type === WINDOW_UPDATE) return
    const reply = this.replyOf(stream)
    if (type === HEADERS) {
      const fields = decodeFields(payload)
      reply.blocks.push(fields)
      const [name, value] = fields[0] ?? ['', '']
      if (name === ':status' && value >= '200') reply.status = value
    } else if (type === DATA) {
      reply.body += payload.toString('latin1')
    } else if (type === RST_STREAM) {
      reply.reset = payload.readUInt32BE(0)
    }
    if ((type === HEADERS || type === DATA) && (flags & END_STREAM) !== 0) reply.ended = true
  }

  private wake(): void {
    this.waiting = this.waiting.filter(({ done, resolve }) => {
      if (!done()) return true
      resolve()
      return false
    })
  }
}
