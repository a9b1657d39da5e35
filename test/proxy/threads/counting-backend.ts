import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'
const ID = /x-request-id: (\w+)-/i

/**
 * A server for many thousands of requests without bodies: it counts them, and how many it has at a time. It answers with its name
 * and the part of the request's id that tells which thread of the proxy sent it: `b1 5f3a…`.
 */
export class CountingBackend {
  readonly name: string
  count = 0
  inflight = 0
  /** The most that it had at a time. */
  most = 0
  /** Answers by itself; else requests wait until `answerAll`. */
  answers = true
  /** A turn of the loop passes before each answer, so that more than one can be there at a time. */
  slow = false
  /** What it answers. */
  status = 200
  url = ''
  private readonly server: Server
  private readonly sockets = new Set<Socket>()
  private held: (() => void)[] = []
  private waiting: { done: () => boolean; resolve: () => void }[] = []

  private constructor(name: string) {
    this.name = name
    this.server = createServer((socket) => this.onConnection(socket))
  }

  static async start(name: string): Promise<CountingBackend> {
    const backend = new CountingBackend(name)
    backend.server.listen(0, '127.0.0.1')
    await once(backend.server, 'listening')
    backend.url = `http://127.0.0.1:${(backend.server.address() as AddressInfo).port}`
    return backend
  }

  /** Resolves as soon as the condition holds; looked at after every request. */
  until(done: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (done()) resolve()
      else this.waiting.push({ done, resolve })
    })
  }

  answerAll(): void {
    this.answers = true
    for (const answer of this.held.splice(0)) answer()
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
  }

  private onConnection(socket: Socket): void {
    this.sockets.add(socket)
    let rest = ''
    socket.on('error', () => {})
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1')
      for (let end = rest.indexOf(HEAD_END); end >= 0; end = rest.indexOf(HEAD_END)) {
        this.onRequest(socket, rest.slice(0, end))
        rest = rest.slice(end + HEAD_END.length)
      }
    })
  }

  private onRequest(socket: Socket, head: string): void {
    if (!head.startsWith('GET /probe ')) this.count++ // That is the proxy's own question.
    this.most = Math.max(this.most, ++this.inflight)
    const body = `${this.name} ${ID.exec(head)?.[1]}\n`
    const answer = (): void => {
      this.inflight--
      socket.write(`HTTP/1.1 ${this.status} So\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    }
    if (!this.answers) this.held.push(answer)
    else if (this.slow) setImmediate(answer)
    else answer()
    this.waiting = this.waiting.filter(({ done, resolve }) => {
      if (!done()) return true
      resolve()
      return false
    })
  }
}
