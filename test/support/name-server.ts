import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type Answer, type DecodedPacket, decode, encode, type Packet } from 'dns-packet'

const TRUNCATED = 0x200
const CODES: Record<string, number> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  REFUSED: 5,
}

export interface Reply {
  code?: string
  answers?: Answer[]
  additionals?: Answer[]
  authorities?: Answer[]
  /** By UDP only a sign that there is more. */
  truncated?: boolean
  /** Of the answer, in place of what was asked. */
  question?: string
}

/** A name server on the loopback, by UDP and TCP, that says what a test tells it to say; or nothing. */
export class NameServer {
  /** `A app.test`, in the order of asking, with ` by TCP` behind. */
  readonly asked: string[] = []
  readonly queries: DecodedPacket[] = []
  /** By `A app.test`; undefined: silence. A name without an entry does not exist. */
  readonly replies = new Map<string, Reply | undefined>()
  port = 0
  private readonly udp: UdpSocket
  private readonly tcp: Server
  private readonly sockets = new Set<Socket>()

  private constructor() {
    this.udp = createSocket('udp4')
    this.udp.on('message', (bytes, peer) => {
      const answer = this.answer(bytes, false)
      if (answer !== undefined) this.udp.send(answer, peer.port, peer.address)
    })
    this.tcp = createServer((socket) => {
      this.sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', (bytes: Buffer) => {
        const answer = this.answer(bytes.subarray(2), true)
        if (answer === undefined) return
        const length = Buffer.alloc(2)
        length.writeUInt16BE(answer.length)
        // In two pieces, as TCP may.
        socket.write(length)
        socket.write(answer)
      })
    })
  }

  static async start(): Promise<NameServer> {
    const server = new NameServer()
    server.tcp.listen(0, '127.0.0.1')
    await once(server.tcp, 'listening')
    server.port = (server.tcp.address() as AddressInfo).port
    server.udp.bind(server.port, '127.0.0.1')
    await once(server.udp, 'listening')
    return server
  }

  get place(): string {
    return `127.0.0.1:${this.port}`
  }

  /** The name stands for these addresses, for so many seconds. */
  has(name: string, addresses: readonly string[], ttl = 1): void {
    const of = (type: 'A' | 'AAAA', six: boolean): Answer[] =>
      addresses
        .filter((each) => each.includes(':') === six)
        .map((data) => ({ type, name, ttl, data }))
    this.replies.set(`A ${name}`, { answers: of('A', false) })
    this.replies.set(`AAAA ${name}`, { answers: of('AAAA', true) })
  }

  /** Both families. */
  says(name: string, reply: Reply | undefined): void {
    this.replies.set(`A ${name}`, reply)
    this.replies.set(`AAAA ${name}`, reply)
  }

  stop(): void {
    this.udp.close()
    this.tcp.close()
    for (const socket of this.sockets) socket.destroy()
  }

  private answer(bytes: Buffer, tcp: boolean): Buffer | undefined {
    const query = decode(bytes)
    this.queries.push(query)
    const [{ name, type }] = query.questions!
    const key = `${type} ${name.toLowerCase()}`
    this.asked.push(tcp ? `${key} by TCP` : key)
    if (!this.replies.has(key)) return this.packet(query, { code: 'NXDOMAIN' })
    const reply = this.replies.get(key)
    if (reply === undefined) return undefined
    if (reply.truncated === true && !tcp) return this.packet(query, { truncated: true })
    return this.packet(query, { ...reply, truncated: false })
  }

  private packet(query: DecodedPacket, reply: Reply): Buffer {
    const { additionals = [], answers = [], authorities = [], code = 'NOERROR' } = reply
    const flags = CODES[code] | (reply.truncated === true ? TRUNCATED : 0)
    const [question] = query.questions!
    const questions = [{ ...question, name: reply.question ?? question.name }]
    const packet: Packet = { type: 'response', id: query.id, flags, questions }
    return encode({ ...packet, answers, additionals, authorities })
  }
}
