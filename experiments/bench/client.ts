/**
 * The closed-loop client: so many keep-alive connections, each with one request in flight, on raw sockets. It checks every
 * answer. In a process of its own, so that its work is not counted as a proxy's.
 *
 * A closed loop slows down with what it measures (coordinated omission), so its p99 ranks contenders under the same
 * pressure; it is not what users at a given rate would see.
 */
import { connect, type Socket } from 'node:net'
import { Histogram } from '../../proxy/core/histogram.ts'
import { AnswerReader } from './answer-reader.ts'
import { BODY_LENGTH, type ClientQuestion, type Run } from './messages.ts'

const latencies = new Histogram()
let connections: Connection[] = []
let until = 0
let allowed = 0
let inFlight = 0
let ended: (() => void) | undefined

class Connection {
  readonly socket: Socket
  private readonly reader = new AnswerReader(BODY_LENGTH)
  private readonly request: Buffer
  private sent = 0

  constructor(port: number) {
    const lines = ['GET /small HTTP/1.1', `Host: 127.0.0.1:${port}`, 'User-Agent: bench', '', '']
    this.request = Buffer.from(lines.join('\r\n'))
    const buffer = Buffer.allocUnsafe(16 * 1024)
    const callback = (length: number): boolean => {
      this.onBytes(buffer.subarray(0, length))
      return true
    }
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer, callback } })
    this.socket.on('error', (error) => fail(`connection: ${error.message}`))
    this.socket.on('close', () => {
      if (inFlight > 0) fail('a connection was closed under a request')
    })
  }

  send(now: number): void {
    if (now >= until || allowed === 0) return
    allowed--
    inFlight++
    this.sent = now
    this.socket.write(this.request)
  }

  private onBytes(bytes: Buffer): void {
    try {
      if (inFlight === 0) throw new Error('an answer that nobody asked for')
      if (!this.reader.read(bytes)) return
    } catch (error) {
      return fail((error as Error).message)
    }
    const now = performance.now()
    latencies.record(now - this.sent)
    inFlight--
    this.send(now)
    if (inFlight === 0) ended?.()
  }
}

async function open(port: number, count: number): Promise<void> {
  connections = Array.from({ length: count }, () => new Connection(port))
  const connected = connections.map(({ socket }) => new Promise((is) => socket.once('connect', is)))
  await Promise.all(connected)
}

async function run(seconds: number, requests: number): Promise<Run> {
  latencies.clear()
  const start = performance.now()
  until = start + seconds * 1000
  allowed = requests
  await new Promise<void>((resolve) => {
    ended = resolve
    for (const connection of connections) connection.send(performance.now())
  })
  const { count, sum, min, max } = latencies
  const elapsed = (performance.now() - start) / 1000
  return { answered: count, seconds: elapsed, buckets: latencies.toSparse(), sum, min, max }
}

async function close(): Promise<void> {
  const closed = connections.map(({ socket }) => new Promise((is) => socket.once('close', is)))
  for (const { socket } of connections) socket.destroy()
  await Promise.all(closed)
  connections = []
}

function fail(failed: string): void {
  for (const { socket } of connections) socket.removeAllListeners('close').destroy()
  process.send?.({ failed }, () => process.exit(1))
}

async function answer(question: ClientQuestion): Promise<unknown> {
  if (question.type === 'connect') return open(question.port, question.connections)
  if (question.type === 'close') return close()
  return run(question.seconds, question.requests)
}

process.on('message', (question: ClientQuestion) => {
  void answer(question).then((result) => process.send?.(result ?? {}))
})
process.on('disconnect', () => process.exit())
process.send?.({ ready: true })
