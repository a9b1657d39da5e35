/**
 * The servers behind every contender: raw sockets and one fixed answer, so that what they cost is small and the same for
 * all. They count what they serve, which the bench compares with what the client was answered.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { BACKENDS, BODY_LENGTH } from './messages.ts'
import { RequestCounter, type Seen } from './request-counter.ts'

const head = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY_LENGTH}\r\n\r\n`
const ANSWER = Buffer.from(head + 'x'.repeat(BODY_LENGTH))

const seen: Seen = { requests: 0, checks: 0 }

function serve(socket: Socket): void {
  const counter = new RequestCounter(seen)
  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    try {
      for (let left = counter.read(chunk); left > 0; left--) socket.write(ANSWER)
    } catch {
      socket.destroy()
    }
  })
  socket.on('error', () => socket.destroy())
}

async function listen(): Promise<number> {
  const server = createServer(serve)
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(0, '127.0.0.1', 1024, listening)
  })
  return (server.address() as AddressInfo).port
}

const ports = await Promise.all(Array.from({ length: BACKENDS }, listen))
process.on('message', () => process.send?.(seen))
process.on('disconnect', () => process.exit())
process.send?.({ ports })
