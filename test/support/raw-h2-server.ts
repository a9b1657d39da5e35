import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

const [HEADERS, SETTINGS, PING] = [1, 4, 6]
const PREFACE = 24

/** What a connection has seen. */
export class RawH2Connection {
  readonly socket: Socket
  /** The streams that began, in order. */
  readonly streams: number[] = []
  /** How often its settings were acknowledged. */
  acknowledged = 0
  /** What PINGs said that wait for an answer; they get one from `pong` alone. */
  readonly pings: Buffer[] = []
  private read = Buffer.alloc(0)
  private begun = false

  constructor(socket: Socket) {
    this.socket = socket
  }

  frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): void {
    const head = Buffer.alloc(9)
    head.writeUIntBE(payload.length, 0, 3)
    head[3] = type
    head[4] = flags
    head.writeUInt32BE(stream, 5)
    this.socket.write(Buffer.concat([head, payload]))
  }

  /** Fields in small letters, as literals (RFC 7541, section 6.2.2), of up to 126 bytes each. */
  headers(stream: number, fields: readonly string[], end = false): void {
    const parts = fields.flatMap((text, i) => [
      ...(i % 2 === 0 ? [Buffer.of(0)] : []),
      Buffer.of(text.length),
      Buffer.from(text, 'latin1'),
    ])
    this.frame(HEADERS, end ? 5 : 4, stream, Buffer.concat(parts))
  }

  data(stream: number, text: string, end = false): void {
    this.frame(0, end ? 1 : 0, stream, Buffer.from(text))
  }

  reset(stream: number, code: number): void {
    this.frame(3, 0, stream, numbers(code))
  }

  goaway(last: number, code = 0): void {
    this.frame(7, 0, 0, numbers(last, code))
  }

  /** Answers each PING. */
  pong(): void {
    for (const said of this.pings.splice(0)) this.frame(PING, 1, 0, said)
  }

  /** Calls `seen` for each stream that begins. */
  take(chunk: Buffer, seen: (stream: number) => void): void {
    this.read = Buffer.concat([this.read, chunk])
    if (!this.begun) {
      if (this.read.length < PREFACE) return
      this.begun = true
      this.read = this.read.subarray(PREFACE)
    }
    while (this.read.length >= 9 && this.read.length >= 9 + this.read.readUIntBE(0, 3)) {
      const [type, flags] = [this.read[3], this.read[4]]
      const stream = this.read.readUInt32BE(5)
      const payload = this.read.subarray(9, 9 + this.read.readUIntBE(0, 3))
      this.read = this.read.subarray(9 + payload.length)
      if (type === PING && (flags & 1) === 0) this.pings.push(Buffer.from(payload))
      if (type === SETTINGS) {
        if ((flags & 1) === 0) this.frame(SETTINGS, 1, 0)
        else this.acknowledged++
      }
      if (type !== HEADERS) continue
      this.streams.push(stream)
      seen(stream)
    }
  }
}

export function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i)
  return bytes
}

/** A server of HTTP/2 without TLS that does exactly what a test tells it, frame by frame. */
export class RawH2Server {
  readonly connections: RawH2Connection[] = []
  port = 0
  private readonly server: Server

  private constructor(
    behaviour: (connection: RawH2Connection, stream: number) => void,
    greet: (connection: RawH2Connection) => void,
  ) {
    this.server = createServer((socket) => {
      const connection = new RawH2Connection(socket)
      this.connections.push(connection)
      socket.on('error', () => {})
      socket.on('data', (chunk: Buffer) =>
        connection.take(chunk, (stream) => behaviour(connection, stream)),
      )
      greet(connection)
    })
  }

  /** `greet`: what it says first; its settings, if nothing else is wanted. */
  static async start(
    behaviour: (connection: RawH2Connection, stream: number) => void,
    greet = (connection: RawH2Connection): void => connection.frame(SETTINGS, 0, 0),
  ): Promise<RawH2Server> {
    const server = new RawH2Server(behaviour, greet)
    server.server.listen(0, '127.0.0.1')
    await once(server.server, 'listening')
    server.port = (server.server.address() as AddressInfo).port
    return server
  }

  get url(): string {
    return `h2c://127.0.0.1:${this.port}`
  }

  /** How many streams began, on all connections. */
  get count(): number {
    return this.connections.reduce((sum, { streams }) => sum + streams.length, 0)
  }

  stop(): void {
    this.server.close()
    for (const { socket } of this.connections) socket.destroy()
  }
}
