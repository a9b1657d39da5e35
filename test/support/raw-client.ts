import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A client made of a bare socket: what it sends is what a test says, byte for byte (latin1). */
export class RawClient {
  readonly socket: Socket
  /** What came back so far, latin1. */
  text = ''
  closed = false
  private waiting: { done: () => boolean; resolve: () => void }[] = []

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      this.text += chunk.toString('latin1')
      this.wake()
    })
    socket.on('close', () => {
      this.closed = true
      this.wake()
    })
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<RawClient> {
    return RawClient.over(connect({ port, host, noDelay: true }))
  }

  /** On a socket that is connected. */
  static on(socket: Socket): RawClient {
    return new RawClient(socket)
  }

  /** On a socket that is connecting. */
  static async over(socket: Socket, event = 'connect'): Promise<RawClient> {
    const client = new RawClient(socket)
    await once(socket, event)
    return client
  }

  /** Sends one text on a new connection and gives everything that comes back until the other side closes. */
  static async exchange(port: number, text: string): Promise<string> {
    const client = await RawClient.connect(port)
    client.send(text)
    await client.untilClosed()
    return client.text
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'))
  }

  async until(done: () => boolean): Promise<void> {
    if (done()) return
    await new Promise<void>((resolve) => this.waiting.push({ done, resolve }))
  }

  /** The text that came back, once it contains this. */
  async receive(part: string): Promise<string> {
    await this.until(() => this.text.includes(part) || this.closed)
    if (!this.text.includes(part)) throw new Error(`closed before "${part}", after: ${this.text}`)
    return this.text
  }

  async untilClosed(): Promise<void> {
    await this.until(() => this.closed)
  }

  leave(): void {
    this.socket.destroy()
  }

  private wake(): void {
    this.waiting = this.waiting.filter(({ done, resolve }) => {
      if (!done()) return true
      resolve()
      return false
    })
  }
}
