import type { Socket } from 'node:net'
import type { NodeDownstream } from './node-downstream.ts'

const CONNECTION = Symbol('connection')

/** How long a client may take to close after an answer that ends the connection, in milliseconds; nginx waits as long. */
const LINGER = 5000

/** A client's connection: which requests on it wait for their answer, and whether more are taken from it. */
export class Connection {
  readonly socket: Socket
  readonly address: string
  /** Requests that are not answered whole yet, oldest first. */
  readonly pending: NodeDownstream[] = []
  /** No further request is taken: what follows a refused request may be its body, and cannot be trusted to be a request. */
  closing = false
  /** A refusal that waits until the answers before it are out. */
  lastWord: (() => void) | undefined
  /** When the last bytes of a closing connection are no longer waited for. */
  lingersUntil = Infinity

  constructor(socket: Socket) {
    const address = socket.remoteAddress ?? ''
    this.socket = socket
    this.address = address.startsWith('::ffff:') ? address.slice(7) : address
    ;(socket as { [CONNECTION]?: Connection })[CONNECTION] = this
  }

  static of(socket: object): Connection | undefined {
    return (socket as { [CONNECTION]?: Connection })[CONNECTION]
  }

  finished(downstream: NodeDownstream): void {
    const { pending } = this
    if (pending[0] === downstream) pending.shift()
    else if (pending.includes(downstream)) pending.splice(pending.indexOf(downstream), 1)
    if (this.lastWord !== undefined && pending.length === 0) {
      this.lastWord()
      this.lastWord = undefined
    }
  }

  /**
   * Takes no further request. When the last answer is out, what the client is still sending is read and thrown away for a
   * while: closing at once would make its system drop our answer unread (RFC 9112, section 9.6).
   */
  close(now: () => number): void {
    this.closing = true
    const { socket } = this
    socket.destroySoon = () => {
      if (this.lingersUntil < Infinity || socket.destroyed) return
      this.lingersUntil = now() + LINGER
      socket.end()
      socket.resume()
    }
  }
}
