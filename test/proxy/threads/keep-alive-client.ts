import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A client that sends one request after the other on one connection, and so always to the same thread of the proxy. */
export class KeepAliveClient {
  /** The status of every answer, and which thread sent it (see `CountingBackend`). */
  readonly statuses = new Map<string, number>()
  thread = ''
  /** The connection ended. */
  cut = false
  private readonly socket: Socket
  private readonly head: string
  private text = ''
  private answered: (() => void) | undefined

  private constructor(socket: Socket, fields: string) {
    this.socket = socket
    this.head = `GET /x HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
    socket.on('error', () => {})
    socket.on('data', (chunk) => this.onData(chunk.toString('latin1')))
    socket.on('close', () => {
      this.cut = true
      this.answered?.()
    })
  }

  static async connect(port: number, fields = ''): Promise<KeepAliveClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const client = new KeepAliveClient(socket, fields)
    await once(socket, 'connect')
    return client
  }

  static all(port: number, count: number, fields = ''): Promise<KeepAliveClient[]> {
    return Promise.all(Array.from({ length: count }, () => KeepAliveClient.connect(port, fields)))
  }

  /** Resolves when it is answered, or the connection has ended. */
  get(): Promise<void> {
    return new Promise((resolve) => {
      this.answered = resolve
      if (this.cut) resolve()
      else this.socket.write(this.head)
    })
  }

  /** How many answers had that status. */
  of(status: string): number {
    return this.statuses.get(status) ?? 0
  }

  leave(): void {
    this.socket.destroy()
  }

  private onData(piece: string): void {
    this.text += piece
    const end = this.text.indexOf('\r\n\r\n')
    if (end < 0 || !this.text.endsWith('\n') || this.text.length === end + 4) return
    const status = this.text.slice(9, 12)
    this.statuses.set(status, this.of(status) + 1)
    if (status === '200')
      this.thread = this.text
        .slice(end + 4)
        .split(' ')[1]
        .trim()
    this.text = ''
    this.answered?.()
  }
}

/** All together send so many requests, each as soon as it is answered. */
export async function sendAll(clients: readonly KeepAliveClient[], count: number): Promise<void> {
  let left = count
  await Promise.all(
    clients.map(async (client) => {
      while (left > 0 && !client.cut) {
        left--
        await client.get()
      }
    }),
  )
}
