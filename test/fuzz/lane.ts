import { connect, type Socket } from 'node:net'
import { TestProxy } from '../support/proxy.ts'
import { Origin } from './origin.ts'
import { readAnswers } from './reference/answer.ts'
import { HOUSE_LIMITS } from './reference/house.ts'

/** So long an answer may take before it is taken for lost, in milliseconds of real time. */
const PATIENCE = 5000

/** What a client got for the bytes it sent. */
export interface Seen {
  readonly text: string
  /** The proxy closed the connection. */
  readonly closed: boolean
  /** It waited in vain. */
  readonly late: boolean
}

/** One proxy with one origin behind it; one client's connection at a time. Several lanes run side by side. */
export class Lane {
  readonly proxy: TestProxy
  readonly origin: Origin
  private readonly witness: Witness
  private marks = 0

  private constructor(proxy: TestProxy, origin: Origin, witness: Witness) {
    this.proxy = proxy
    this.origin = origin
    this.witness = witness
  }

  static async open(): Promise<Lane> {
    const origin = await Origin.start()
    const proxy = await TestProxy.start({
      servers: [`http://127.0.0.1:${origin.port}`],
      limits: HOUSE_LIMITS,
      stats: false,
    })
    return new Lane(proxy, origin, new Witness(proxy.port))
  }

  close(): void {
    this.witness.close()
    this.proxy.proxy.kill()
    this.origin.stop()
  }

  /**
   * Sends the pieces on a new connection, each on its own, and gives what comes back: until the proxy closes, or so many final
   * answers are there (undefined: only the end will do).
   */
  async send(
    pieces: readonly string[],
    methods: readonly string[],
    answers: number | undefined,
  ): Promise<Seen> {
    const client = new Client(this.proxy.port)
    await client.send(pieces)
    const enough = (): boolean => answers !== undefined && finals(client.text, methods) >= answers
    const late = await client.until(() => client.closed || enough())
    // What the proxy does of itself, it does in a few turns.
    if (!client.closed) for (let i = 0; i < 3; i++) await turn()
    const seen = { text: client.text, closed: client.closed, late }
    client.leave()
    return seen
  }

  /** Asks for `/odd`; once it has an answer, for something else on the same connection. */
  async ask(method: string): Promise<{ first: Seen; second: Seen | undefined }> {
    const client = new Client(this.proxy.port)
    await client.send([`${method} /odd HTTP/1.1\r\nHost: a\r\n\r\n`])
    const late = await client.until(() => client.closed || finals(client.text, [method]) > 0)
    for (let i = 0; i < 5; i++) await turn() // What the origin says unasked has come by then.
    const first = { text: client.text, closed: client.closed, late }
    client.text = ''
    if (late || client.closed) {
      client.leave()
      return { first, second: undefined }
    }
    await client.send(['GET /even HTTP/1.1\r\nHost: a\r\n\r\n'])
    const lateAgain = await client.until(() => client.closed || finals(client.text, ['GET']) > 0)
    const second = { text: client.text, closed: client.closed, late: lateAgain }
    client.leave()
    return { first, second }
  }

  /** The proxy serves somebody else, and when it has, nothing of what was before is left. Says what is wrong. */
  async settle(): Promise<string[]> {
    const mark = `/mark-${++this.marks}`
    if (!(await this.witness.ask(mark))) return ['somebody else is not served']
    const deadline = performance.now() + PATIENCE
    while (this.proxy.inflight > 0 || this.origin.pending().length > 0) {
      if (performance.now() > deadline) {
        return [
          `${this.proxy.inflight} in flight, ${JSON.stringify(this.origin.pending())} pending`,
        ]
      }
      await turn()
    }
    const { origin } = this
    const index = origin.received.findIndex(({ target }) => target === mark)
    if (index < 0) return ['the mark of somebody else did not arrive']
    origin.received.splice(index, 1)
    return []
  }
}

/** Somebody else, on a connection that is kept. */
class Witness {
  private readonly port: number
  private client: Client | undefined

  constructor(port: number) {
    this.port = port
  }

  async ask(target: string): Promise<boolean> {
    if (this.client === undefined || this.client.closed) this.client = new Client(this.port)
    const { client } = this
    client.text = ''
    await client.send([`GET ${target} HTTP/1.1\r\nHost: witness\r\n\r\n`])
    const late = await client.until(() => client.closed || finals(client.text, ['GET']) === 1)
    return !late && client.text.startsWith('HTTP/1.1 200 ')
  }

  close(): void {
    this.client?.leave()
  }
}

class Client {
  text = ''
  closed = false
  private readonly socket: Socket
  private wake: () => void = () => {}

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1')
      this.wake()
    })
    this.socket.on('close', () => {
      this.closed = true
      this.wake()
    })
  }

  async send(pieces: readonly string[]): Promise<void> {
    for (const piece of pieces) {
      if (this.closed) return
      if (piece !== '') await new Promise((sent) => this.socket.write(piece, 'latin1', sent))
      if (pieces.length > 1) await turn()
    }
  }

  /** True: it took too long. */
  async until(done: () => boolean): Promise<boolean> {
    if (done()) return false
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), PATIENCE)
      this.wake = () => {
        if (!done()) return
        clearTimeout(timer)
        this.wake = () => {}
        resolve(false)
      }
    })
  }

  leave(): void {
    this.socket.destroy()
  }
}

function finals(text: string, methods: readonly string[]): number {
  const { answers } = readAnswers(text, methods, false)
  return answers.filter(({ status, whole }) => status >= 200 && whole).length
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
