import { createSocket } from 'node:dgram'
import { connect, isIPv6 } from 'node:net'
import { decode, type DecodedPacket, encode, type Packet } from 'dns-packet'

export interface Question {
  readonly name: string
  readonly type: 'A' | 'AAAA' | 'SRV'
}

/** Where a name server is. */
export interface NameServer {
  readonly host: string
  readonly port: number
}

export interface QueryOptions {
  /** From 0 to 65,535, not to be guessed. */
  readonly id: number
  /** In milliseconds, for UDP and TCP each. */
  readonly timeout: number
  readonly signal: AbortSignal
  /** Without: for servers that do not know it (RFC 6891, section 6.2.2). */
  readonly edns?: boolean
}

/** An answer that fits into every path: the agreement of DNS Flag Day 2020. */
const LARGEST_UDP = 1232
const RECURSION_DESIRED = 0x100
const EDNS = { type: 'OPT', name: '.', udpPayloadSize: LARGEST_UDP, flags: 0, options: [] }

/**
 * Asks one name server one question: by UDP, and again by TCP if the answer was too long (RFC 7766). A port and a number of its own
 * for each, and only what comes from that server, with that number, for that question counts (RFC 5452). Rejects with the reason in few words.
 */
export async function query(
  server: NameServer,
  question: Question,
  options: QueryOptions,
): Promise<DecodedPacket> {
  const packet = encode({
    type: 'query',
    id: options.id,
    flags: RECURSION_DESIRED,
    questions: [{ name: question.name, type: question.type }],
    ...(options.edns !== false && { additionals: [EDNS as never] }),
  })
  const judge = (bytes: Buffer): DecodedPacket | undefined => answerIn(bytes, question, options.id)
  const answer = await byUdp(server, packet, judge, options)
  return answer.flag_tc ? byTcp(server, packet, judge, options) : answer
}

type Judge = (bytes: Buffer) => DecodedPacket | undefined

function byUdp(
  { host, port }: NameServer,
  packet: Buffer,
  judge: Judge,
  options: QueryOptions,
): Promise<DecodedPacket> {
  const { promise, reject, resolve } = Promise.withResolvers<DecodedPacket>()
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  socket.on('error', () => reject(new Error('name server unreachable')))
  socket.on('message', (bytes) => {
    const answer = judge(bytes)
    if (answer !== undefined) resolve(answer)
  })
  // Connected: the system lets nobody else answer, and tells if nobody is there.
  // By the event: a callback is called for failures as well, as where there is no way to that network.
  socket.on('connect', () => socket.send(packet))
  socket.connect(port, host)
  return within(promise, reject, options, () => socket.close())
}

function byTcp(
  { host, port }: NameServer,
  packet: Buffer,
  judge: Judge,
  options: QueryOptions,
): Promise<DecodedPacket> {
  const { promise, reject, resolve } = Promise.withResolvers<DecodedPacket>()
  const socket = connect({ host, port })
  const length = Buffer.alloc(2)
  length.writeUInt16BE(packet.length)
  let read = Buffer.alloc(0)
  socket.on('error', () => reject(new Error('name server unreachable')))
  socket.on('close', () => reject(new Error('name server broke off')))
  socket.on('data', (piece: Buffer) => {
    read = Buffer.concat([read, piece])
    if (read.length < 2 || read.length < 2 + read.readUInt16BE()) return
    const answer = judge(read.subarray(2, 2 + read.readUInt16BE()))
    if (answer === undefined) reject(new Error('bad answer'))
    else resolve(answer)
  })
  socket.write(Buffer.concat([length, packet]))
  return within(promise, reject, options, () => socket.destroy())
}

async function within<T>(
  promise: Promise<T>,
  reject: (reason: Error) => void,
  { signal, timeout }: QueryOptions,
  end: () => void,
): Promise<T> {
  const timer = setTimeout(() => reject(new Error('timeout')), timeout)
  const abort = (): void => reject(new Error('given up'))
  signal.addEventListener('abort', abort)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    end()
  }
}

/** Undefined for what is not the answer to that question. */
function answerIn(bytes: Buffer, { name, type }: Question, id: number): DecodedPacket | undefined {
  let packet: DecodedPacket
  try {
    packet = decode(bytes)
  } catch {
    // One that was cut off anywhere cannot be read, but it says so in its head (RFC 1035, section 4.1.1).
    const cut = bytes.length >= 12 && bytes.readUInt16BE() === id && (bytes[2] & 0x82) === 0x82
    return cut ? ({ type: 'response', flag_tc: true } as DecodedPacket) : undefined
  }
  const [asked] = packet.questions ?? []
  if (packet.id !== id || packet.type !== 'response' || asked === undefined) return undefined
  return asked.type === type && asked.name.toLowerCase() === name.toLowerCase() ? packet : undefined
}

/** `NOERROR`, `NXDOMAIN`, …; the types of dns-packet do not tell of it. */
export function codeOf(packet: Packet): string {
  return (packet as { rcode?: string }).rcode ?? 'NOERROR'
}
