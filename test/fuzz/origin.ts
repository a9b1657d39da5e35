import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { NO_HOUSE } from './reference/house.ts'
import { readRequest, type Request } from './reference/request.ts'

/**
 * A backend that believes nothing: it reads what comes as strictly as RFC 9112 allows, keeps every request that it
 * understood, and answers each whole one with its number.
 */
export class Origin {
  /** Whole requests, in the order in which they became whole. */
  received: Request[] = []
  /** Requests whose connection broke off before their end. */
  partial: (Request | undefined)[] = []
  /** What a strict reader could not read. */
  invalid: string[] = []
  port = 0
  /** What it says to whoever asks for `/odd`, instead. */
  script: { readonly pieces: readonly string[]; readonly closes: boolean } | undefined
  private answers = 0
  private readonly server: Server
  private readonly sockets = new Map<Socket, { text: string }>()

  private constructor() {
    this.server = createServer((socket) => this.serve(socket))
  }

  static async start(): Promise<Origin> {
    const origin = new Origin()
    origin.server.listen(0, '127.0.0.1')
    await once(origin.server, 'listening')
    origin.port = (origin.server.address() as AddressInfo).port
    return origin
  }

  /** Forgets what it has seen; the next answer has number 1. */
  begin(): void {
    this.received = []
    this.partial = []
    this.invalid = []
    this.answers = 0
  }

  /** Requests that have begun on connections which still stand. */
  pending(): string[] {
    return [...this.sockets.values()].map(({ text }) => text).filter((text) => text !== '')
  }

  stop(): void {
    for (const socket of this.sockets.keys()) socket.destroy()
    this.server.close()
  }

  private serve(socket: Socket): void {
    const state = { text: '' }
    this.sockets.set(socket, state)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      state.text += chunk.toString('latin1')
      this.read(socket, state)
    })
    socket.on('close', () => {
      this.sockets.delete(socket)
      if (state.text === '') return
      const message = readRequest(state.text, 0, NO_HOUSE)
      this.partial.push(message.kind === 'request' ? undefined : message.request)
    })
  }

  private read(socket: Socket, state: { text: string }): void {
    while (state.text !== '') {
      const message = readRequest(state.text, 0, NO_HOUSE)
      if (message.kind === 'incomplete') return
      if (message.kind === 'refused' || message.request.free !== undefined) {
        const why = message.kind === 'refused' ? message.refusal.why : message.request.free
        this.invalid.push(`${why}: ${JSON.stringify(state.text)}`)
        state.text = ''
        socket.destroy()
        return
      }
      state.text = state.text.slice(message.next)
      this.received.push(message.request)
      if (this.script !== undefined && message.request.target === '/odd') {
        void recite(socket, this.script)
        continue
      }
      const body = message.request.method === 'HEAD' ? '' : 'x'.repeat(10)
      socket.write(
        `HTTP/1.1 200 OK\r\nX-Number: ${++this.answers}\r\nContent-Length: 10\r\n\r\n${body}`,
      )
    }
  }
}

async function recite(
  socket: Socket,
  { closes, pieces }: NonNullable<Origin['script']>,
): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return
    if (piece !== '') await new Promise((sent) => socket.write(piece, 'latin1', sent))
    if (pieces.length > 1) await new Promise((next) => setImmediate(next))
  }
  if (closes) socket.end()
}
