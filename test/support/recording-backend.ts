import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

/** What one connection to the backend carried, as bytes. */
export interface Received {
  readonly socket: Socket
  /** latin1 */
  text: string
}

export type Behaviour = (connection: Received, chunk: Buffer) => void

/** Answers each whole head at once with that text, on a connection that stays open. */
export function answering(response: string): Behaviour {
  return (connection) => {
    for (;;) {
      const end = connection.text.indexOf('\r\n\r\n', seen(connection))
      if (end < 0) return
      positions.set(connection, end + 4)
      connection.socket.write(response, 'latin1')
    }
  }
}

const positions = new WeakMap<Received, number>()
function seen(connection: Received): number {
  return positions.get(connection) ?? 0
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** An origin made of bare sockets: it keeps every byte that reaches it and does exactly what a test tells it, right or wrong. */
export class RecordingBackend {
  readonly connections: Received[] = []
  behaviour: Behaviour
  port = 0
  private readonly server: Server
  private waiting: { done: () => boolean; resolve: () => void }[] = []

  private readonly secure: boolean

  private constructor(behaviour: Behaviour, tls: TlsOptions | undefined) {
    this.behaviour = behaviour
    this.secure = tls !== undefined
    const accept = (socket: Socket): void => {
      const connection: Received = { socket, text: '' }
      this.connections.push(connection)
      socket.on('error', () => {})
      socket.on('close', () => this.wake())
      socket.on('data', (chunk) => {
        if (typeof chunk === 'string') return
        connection.text += chunk.toString('latin1')
        this.behaviour(connection, chunk)
        this.wake()
      })
      this.wake()
    }
    this.server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept)
    this.server.on('tlsClientError', () => {}) // Whoever does not trust it; node:tls has ended the connection.
  }

  /** On a port, or on a Unix socket of that path; with TLS where there is something to speak it with. */
  static async start(
    behaviour: Behaviour = answering(OK),
    place: number | string = 0,
    tls?: TlsOptions,
    host = '127.0.0.1',
  ): Promise<RecordingBackend> {
    const backend = new RecordingBackend(behaviour, tls)
    if (typeof place === 'string') backend.server.listen(place)
    else backend.server.listen(place, host)
    await once(backend.server, 'listening')
    if (typeof place === 'number') backend.port = (backend.server.address() as AddressInfo).port
    return backend
  }

  get url(): string {
    return `${this.secure ? 'https' : 'http'}://127.0.0.1:${this.port}`
  }

  /** Every byte that came, connection after connection. */
  get text(): string {
    return this.connections.map(({ text }) => text).join('')
  }

  /** Resolves as soon as the condition holds; looked at after every event here. */
  async until(done: () => boolean): Promise<void> {
    if (done()) return
    await new Promise<void>((resolve) => this.waiting.push({ done, resolve }))
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.destroy()
    if (!this.server.listening) return
    this.server.close()
    await once(this.server, 'close')
  }

  private wake(): void {
    this.waiting = this.waiting.filter(({ done, resolve }) => {
      if (!done()) return true
      resolve()
      return false
    })
  }
}
