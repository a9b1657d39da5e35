import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { forgetPeak, residentNow } from './process-cost.ts'

export type Direction = 'download' | 'upload'
export type Reader = 'fast' | 'slow'

/** What one body did to the proxy's resident memory, in bytes. */
export interface Passage {
  direction: Direction
  reader: Reader
  length: number
  seconds: number
  before: number
  peak: number
}

const PIECE = Buffer.alloc(64 * 1024, 'evenkeel ')
const PAUSE_EVERY = 2 ** 20
/** A slow reader first does not read at all, then pauses after each MiB: a fixed time whatever the length. */
const STALL = 2000
const PAUSES = 5000

/** Sends a body through, in one direction, to a reader of one kind, and asserts that all of it arrived. */
export async function passBody(
  target: { port: number; pid: number },
  direction: Direction,
  reader: Reader,
  length: number,
): Promise<Passage> {
  const before = residentNow(target.pid).now
  forgetPeak(target.pid)
  const start = performance.now()
  const arrived = await (direction === 'download' ? download : upload)(target.port, reader, length)
  const seconds = (performance.now() - start) / 1000
  if (arrived !== length) throw new Error(`${direction}: ${arrived} of ${length} bytes arrived`)
  return { direction, reader, length, seconds, before, peak: residentNow(target.pid).peak }
}

/** The server behind: streams what is asked for, counts and throws away what it is sent. */
export async function startBodyServer(): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const length = Number(searchParams.get('length') ?? 0)
    const reader = searchParams.get('reader') === 'slow' ? 'slow' : 'fast'
    if (pathname === '/download') {
      response.setHeader('Content-Length', length)
      send(length, response).catch(() => response.destroy())
    } else if (pathname === '/upload') {
      read(request, reader, length).then(
        (arrived) => response.end(String(arrived)),
        () => response.destroy(),
      )
    } else response.end('ok')
  })
  server.requestTimeout = 0
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { server, port: (server.address() as AddressInfo).port }
}

async function download(port: number, reader: Reader, length: number): Promise<number> {
  const asked = request({
    port,
    host: '127.0.0.1',
    path: `/download?length=${length}`,
    agent: false,
  })
  asked.end()
  return read(await answerTo(asked), reader, length)
}

async function upload(port: number, reader: Reader, length: number): Promise<number> {
  const path = `/upload?length=${length}&reader=${reader}`
  const headers = { 'Content-Length': length }
  const method = 'POST'
  const asked = request({ port, host: '127.0.0.1', path, method, headers, agent: false })
  const answered = answerTo(asked)
  await send(length, asked)
  const pieces = await (await answered).toArray()
  return Number(Buffer.concat(pieces as Buffer[]).toString())
}

async function answerTo(asked: ReturnType<typeof request>): Promise<IncomingMessage> {
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`)
  return answer
}

function send(length: number, to: Writable): Promise<void> {
  return pipeline(Readable.from(pieces(length), { objectMode: false }), to)
}

function* pieces(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= PIECE.length) {
    yield left < PIECE.length ? PIECE.subarray(0, left) : PIECE
  }
}

async function read(from: Readable, reader: Reader, length: number): Promise<number> {
  const pause = PAUSES / Math.ceil(length / PAUSE_EVERY)
  let arrived = 0
  let next = PAUSE_EVERY
  if (reader === 'slow') await delay(STALL)
  for await (const piece of from as AsyncIterable<Buffer>) {
    arrived += piece.length
    if (reader === 'fast' || arrived < next) continue
    next += PAUSE_EVERY
    await delay(pause)
  }
  return arrived
}
