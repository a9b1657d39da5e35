/** The server behind: small answers, 1 MiB at `/medium`, 64 MiB at `/large`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

const PIECE = Buffer.alloc(1 << 16, 'x')
const PIECES = new Map([
  ['/medium', 16],
  ['/large', 1024],
])

const server = createServer((request, response) => {
  request.resume().on('error', () => {})
  const pieces = PIECES.get(request.url ?? '')
  if (pieces !== undefined) {
    response.writeHead(200, { 'Content-Length': PIECE.length * pieces })
    Readable.from(Array<Buffer>(pieces).fill(PIECE)).pipe(response)
  } else {
    request.on('end', () => response.end('ok'))
  }
})
server.keepAliveTimeout = 60_000
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})
process.on('disconnect', () => process.exit())
