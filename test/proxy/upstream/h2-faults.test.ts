import { once as closing } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { numbers, type RawH2Connection, RawH2Server } from '../../support/raw-h2-server.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()
const [NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, REFUSED_STREAM] = [0, 1, 2, 7]
const SETTINGS = 4

type Behaviour = (connection: RawH2Connection, stream: number) => void

const fine: Behaviour = (connection, stream) => {
  connection.headers(stream, [':status', '200', 'content-length', '2'])
  connection.data(stream, 'ok', true)
}

async function serving(
  behaviour: Behaviour,
  greet?: (connection: RawH2Connection) => void,
): Promise<RawH2Server> {
  const server = await RawH2Server.start(behaviour, greet)
  scene.atEnd(() => server.stop())
  return server
}

async function before(
  servers: readonly RawH2Server[],
  settings: Partial<TestSettings> = {},
): Promise<TestProxy> {
  return scene.proxy({ servers: servers.map(({ url }) => url), ...settings })
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n'

function send(proxy: TestProxy, start = GET): Promise<string> {
  const body = start === POST ? 'hello' : ''
  return RawClient.exchange(proxy.port, `${start}Connection: close\r\n\r\n${body}`)
}

/** Does that with the first stream, and answers all others. */
function once(first: Behaviour): Behaviour {
  let count = 0
  return (connection, stream) => (count++ === 0 ? first : fine)(connection, stream)
}

describe('RFC 9113 8.7, requests that a server has not looked at', () => {
  test.each<[string, Behaviour]>([
    ['above the last stream of a GOAWAY', (connection) => connection.goaway(0)],
    ['above the last stream of a GOAWAY with an error', (connection) => connection.goaway(0, 11)],
    ['refused', (connection, stream) => connection.reset(stream, REFUSED_STREAM)],
  ])('are made again whatever their method: %s', async (_, fault) => {
    const server = await serving(once(fault))
    const proxy = await before([server])
    for (const start of [POST, POST]) expect(await send(proxy, start)).toMatch(/ 200 /)
    expect(server.count).toBe(3)
    expect(proxy.inflight).toBe(0)
  })

  test('a server that refuses each is tried no more often than retries allow', async () => {
    const server = await serving((connection, stream) => connection.reset(stream, REFUSED_STREAM))
    const proxy = await before([server], { retries: { attempts: 2, minPerSecond: 100 } })
    expect(await send(proxy, POST)).toMatch(/ 502 [^]*"upstream_unreachable"/)
    expect(server.count).toBe(3)
  })

  test('a connection that retires finishes what it has, and the next request goes elsewhere', async () => {
    const server = await serving((connection, stream) => {
      if (stream === 1 && server.connections.length === 1) {
        connection.goaway(2 ** 31 - 1)
        connection.goaway(1)
        setImmediate(() => fine(connection, stream))
      } else fine(connection, stream)
    })
    const proxy = await before([server])
    for (let i = 0; i < 3; i++) expect(await send(proxy, POST)).toMatch(/ 200 /)
    expect(server.connections.map(({ streams }) => streams)).toEqual([[1], [1, 3]])
  })

  test('a retiring server is not blamed, a refusing one is', async () => {
    const ejection = { consecutive: 1, base: 10_000, max: 10_000, share: 1 }
    const retiring = await serving(once((connection) => connection.goaway(0)))
    const refusing = await serving(
      once((connection, stream) => connection.reset(stream, REFUSED_STREAM)),
    )
    for (const [server, states] of [
      [retiring, ['up', 'up']],
      [refusing, ['ejected', 'up']],
    ] as const) {
      const proxy = await before([server, await serving(fine)], { ejection })
      expect(await send(proxy, POST)).toMatch(/ 200 /)
      proxy.advance(100)
      expect(proxy.proxy.balancer.servers.map(({ state }) => state)).toEqual(states)
    }
  })
})

describe('proxy-behaviour 8: what a server may have looked at', () => {
  const faults: [string, Behaviour][] = [
    ['is reset', (connection, stream) => connection.reset(stream, INTERNAL_ERROR)],
    ['ends with the connection', ({ socket }) => socket.destroy()],
    ['is reset without an error', (connection, stream) => connection.reset(stream, NO_ERROR)],
  ]
  test.each(faults)(
    'a POST that %s reaches a server once, a GET is tried again',
    async (_, fault) => {
      const server = await serving(once(fault))
      const proxy = await before([server])
      expect(await send(proxy, POST)).toMatch(/ 502 [^]*"upstream_reset"/)
      expect(server.count).toBe(1)
      const other = await serving(once(fault))
      expect(await send(await before([other]))).toMatch(/ 200 /)
      expect(other.count).toBe(2)
      expect(proxy.inflight).toBe(0)
    },
  )

  test.each<[string, Behaviour]>([
    ['is reset', (connection, stream) => connection.reset(stream, INTERNAL_ERROR)],
    ['is refused too late', (connection, stream) => connection.reset(stream, REFUSED_STREAM)],
    ['is reset without an error', (connection, stream) => connection.reset(stream, NO_ERROR)],
    ['dies with the connection', ({ socket }) => socket.end()],
    ['dies with a GOAWAY', (connection) => connection.goaway(0, INTERNAL_ERROR)],
  ])('an answer that %s in its body never ends cleanly', async (_, fault) => {
    let fail = (): void => {}
    const server = await serving((connection, stream) => {
      connection.headers(stream, [':status', '200'])
      connection.data(stream, 'half')
      fail = () => fault(connection, stream)
    })
    const proxy = await before([server])
    const client = await RawClient.connect(proxy.port)
    client.send(`${GET}\r\n`)
    expect(await client.receive('half')).toMatch(/^HTTP\/1\.1 200 /)
    fail()
    await client.untilClosed()
    expect(client.text).not.toMatch(/\r\n0\r\n/)
    expect(server.count).toBe(1)
    expect(proxy.inflight).toBe(0)
  })

  test('a kept connection that dies as it is used again is nobody`s failure', async () => {
    const server = await serving((connection, stream) => {
      if (stream === 3 && server.connections.length === 1) connection.socket.destroy()
      else fine(connection, stream)
    })
    const ejection = { consecutive: 1, base: 10_000, max: 10_000, share: 1 }
    const proxy = await before([server, await serving(fine)], {
      ejection,
      retries: { attempts: 1, budget: 0, minPerSecond: 0 },
    })
    for (let i = 0; i < 4; i++) expect(await send(proxy)).toMatch(/ 200 /)
    expect(server.connections.length).toBeGreaterThan(0)
    expect(proxy.proxy.balancer.servers.map(({ state }) => state)).toEqual(['up', 'up'])
  })
})

describe('proxy-behaviour 5: answers that are no HTTP/2', () => {
  test.each<[string, Behaviour]>([
    ['no status', (connection, stream) => connection.headers(stream, ['a', 'b'], true)],
    [
      'two lengths',
      (connection, stream) => {
        const two = ['content-length', '2', 'content-length', '3']
        connection.headers(stream, [':status', '200', ...two])
        connection.data(stream, 'ok', true)
      },
    ],
    [
      'a field of one connection only',
      (connection, stream) =>
        connection.headers(stream, [':status', '200', 'connection', 'close'], true),
    ],
    [
      'a coding',
      (connection, stream) =>
        connection.headers(stream, [':status', '200', 'transfer-encoding', 'chunked'], true),
    ],
    [
      'a name in capitals',
      (connection, stream) => connection.headers(stream, [':status', '200', 'X-A', '1'], true),
    ],
    [
      'a status of 700',
      (connection, stream) => connection.headers(stream, [':status', '700'], true),
    ],
    [
      'what it says is an error of ours',
      (connection, stream) => connection.reset(stream, PROTOCOL_ERROR),
    ],
  ])('%s: 502, and no other server is asked', async (_, behaviour) => {
    const server = await serving(behaviour)
    const proxy = await before([server])
    const text = await send(proxy)
    expect(text).toMatch(/^HTTP\/1\.1 502 [^]*"upstream_invalid"/)
    expect(server.count).toBe(1)
    expect(proxy.inflight).toBe(0)
  })

  test('data before the head ends the connection, and is no answer', async () => {
    const server = await serving((connection, stream) => connection.data(stream, 'ok', true))
    const proxy = await before([server])
    expect(await send(proxy, POST)).toMatch(/^HTTP\/1\.1 502 /)
    expect(server.count).toBe(1)
  })

  // RFC 9113, section 8.2.1, calls the whole answer malformed; nghttp2 leaves out the field, and goes on.
  test('a value with a line break comes to no client', async () => {
    const server = await serving((connection, stream) =>
      connection.headers(stream, [':status', '200', 'a', 'b\r\nc: d'], true),
    )
    expect(await send(await before([server]))).not.toMatch(/^(a|c):/m)
  })

  test.each<[string, string]>([
    ['shorter', 'o'],
    ['longer', 'okay'],
  ])('a body %s than announced cuts the client', async (_, body) => {
    let end = (): void => {}
    const server = await serving((connection, stream) => {
      connection.headers(stream, [':status', '200', 'content-length', '2'])
      end = () => connection.data(stream, body, true)
    })
    const proxy = await before([server])
    const client = await RawClient.connect(proxy.port)
    client.send(`${GET}\r\n`)
    expect(await client.receive('\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
    end()
    await client.untilClosed()
    expect(client.text).not.toMatch(/ok$/)
    expect(proxy.inflight).toBe(0)
  })
})

describe('a server that does not speak HTTP/2 where it should', () => {
  test('gets nothing of a request: a POST goes to another', async () => {
    const old = await scene.backend(({ socket }) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const other = await serving(fine)
    const servers = [old.url.replace('http:', 'h2c:'), other.url]
    const proxy = await scene.proxy({ servers })
    for (let i = 0; i < 2; i++) expect(await send(proxy, POST)).toMatch(/ 200 /)
    expect(old.text).not.toContain('hello')
  })

  test('or says nothing is given up after timeouts.connect', async () => {
    const silent = await serving(fine, () => {})
    const proxy = await before([silent], { timeouts: { connect: 50 }, retries: { attempts: 0 } })
    expect(await send(proxy, POST)).toMatch(/ 502 [^]*"upstream_unreachable"/)
    expect(silent.count).toBe(0)
  })
})

describe('proxy-behaviour 3, timeouts', () => {
  test('where no answer came in time the connection has to show that it lives', async () => {
    const silent: Behaviour = () => {}
    const server = await serving((connection, stream) =>
      (server.connections.length === 1 ? silent : fine)(connection, stream),
    )
    const proxy = await before([server], {
      timeouts: { connect: 50, response: 1000 },
      retries: { attempts: 0 },
    })
    const late = send(proxy)
    while (server.count === 0) await new Promise((resolve) => setImmediate(resolve))
    proxy.advance(1100)
    expect(await late).toMatch(/^HTTP\/1\.1 504 /)
    // This server answers no PING: the next request must not be sent into the void.
    expect(await send(proxy)).toMatch(/ 200 /)
    expect(server.connections).toHaveLength(2)
    // And the connection that does not answer is closed after timeouts.connect.
    const { socket } = server.connections[0]
    if (!socket.closed) await closing(socket, 'close')
  })

  test('an idle connection is closed after timeouts.upstreamIdle', async () => {
    const server = await serving(fine)
    const proxy = await before([server], { timeouts: { upstreamIdle: 30 } })
    expect(await send(proxy)).toMatch(/ 200 /)
    const [{ socket }] = server.connections
    if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve))
    expect(await send(proxy)).toMatch(/ 200 /)
    expect(server.connections).toHaveLength(2)
  })

  test('a server that allows no streams for now is asked when it does', async () => {
    const streams = (most: number): Buffer => Buffer.concat([Buffer.of(0, 3), numbers(most)])
    const server = await serving(fine, (connection) => connection.frame(SETTINGS, 0, 0, streams(0)))
    const answer = send(await before([server]))
    await scene.until(() => server.connections[0]?.acknowledged === 1)
    expect(server.count).toBe(0)
    server.connections[0].frame(SETTINGS, 0, 0, streams(10))
    expect(await answer).toMatch(/ 200 /)
    expect(server.connections).toHaveLength(1)
  })
})
