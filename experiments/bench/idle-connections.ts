import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { setTimeout as delay } from 'node:timers/promises'
import { residentNow } from './process-cost.ts'

/** So many are opened at a time. */
const BATCH = 100
/** Milliseconds until what openings need is given back. */
const SETTLE = 3000

type Kind = 'plain' | 'TLS'

interface IdleStep {
  readonly connections: number
  /** Resident bytes of the proxy. */
  readonly resident: number
}

export interface IdleRun {
  readonly kind: Kind
  /** The first has no connection. */
  readonly steps: readonly IdleStep[]
  /** Resident bytes a connection, between the first step and the last. */
  readonly each: number
}

interface Target {
  readonly pid: number
  readonly port: number
  /** The certificate to trust; undefined: no TLS. */
  readonly ca: string | undefined
}

/**
 * Opens connections, has one request answered on each, and keeps all open. What the proxy's resident memory grows by is what they cost: no
 * garbage collection is forced, so what it has not yet given back counts too. What the kernel keeps a socket is not in it.
 */
export async function measureIdle(target: Target, connections: number): Promise<IdleRun> {
  // Code that is compiled and memory that is kept for a crowd are no connection's.
  await close(await open(target, Math.min(1000, connections)))
  await delay(SETTLE)
  const steps: IdleStep[] = [{ connections: 0, resident: residentNow(target.pid).now }]
  const sockets: Socket[] = []
  for (const share of [0.1, 0.5, 1]) {
    const wanted = Math.round(connections * share)
    sockets.push(...(await open(target, wanted - sockets.length)))
    await delay(SETTLE)
    steps.push({ connections: sockets.length, resident: residentNow(target.pid).now })
  }
  const lost = sockets.filter((socket) => socket.destroyed).length
  if (lost > 0) throw new Error(`${lost} of ${connections} connections did not stay open`)
  await close(sockets)
  const each = (steps.at(-1)!.resident - steps[0].resident) / connections
  return { kind: target.ca === undefined ? 'plain' : 'TLS', steps, each }
}

async function open(target: Target, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const size = Math.min(BATCH, count - sockets.length)
    sockets.push(...(await Promise.all(Array.from({ length: size }, () => openOne(target)))))
  }
  return sockets
}

async function openOne({ ca, port }: Target): Promise<Socket> {
  const where = { port, host: '127.0.0.1' }
  const socket =
    ca === undefined ? connect(where) : connectTls({ ...where, ca, servername: 'a.test' })
  await once(socket, ca === undefined ? 'connect' : 'secureConnect')
  socket.on('error', () => {}) // It counts as lost.
  socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  if (!answer.toString('latin1').startsWith('HTTP/1.1 200 '))
    throw new Error('not answered with 200')
  return socket
}

async function close(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(
    sockets.map((socket) => {
      const closed = once(socket, 'close')
      socket.destroy()
      return closed
    }),
  )
}
