import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import type { TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { statsOf } from '../../support/asking.ts'
import { useScene } from '../../support/scene.ts'
import { attempts, idle, tunnel } from '../../support/tunnels.ts'
import { ACCEPTED, HANDSHAKE, switching } from '../../support/upgrading.ts'

const scene = useScene()

/** Some seconds for each gibibyte: TUNNEL_BYTES=1073741824 sends that much. */
const SIZE = Number(process.env['TUNNEL_BYTES'] ?? 2 ** 27)

describe('RFC 6455: WebSocket by the package ws on both sides', () => {
  async function room(): Promise<{ proxy: TestProxy; server: WebSocketServer }> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 32 * 1024 * 1024 })
    await once(server, 'listening')
    scene.atEnd(async () => {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    })
    const { port } = server.address() as AddressInfo
    const proxy = await scene.proxy({ servers: [`http://127.0.0.1:${port}`] })
    return { proxy, server }
  }

  async function enter(proxy: TestProxy): Promise<WebSocket> {
    const client = new WebSocket(`ws://127.0.0.1:${proxy.port}/chat`, ['soap', 'wamp'])
    await once(client, 'open')
    return client
  }

  test('a thousand messages come back in order, and a subprotocol is agreed on', async () => {
    const { proxy, server } = await room()
    server.on('connection', (socket) =>
      socket.on('message', (data, binary) => socket.send(data, { binary })),
    )
    const client = await enter(proxy)
    expect(client.protocol).toBe('soap')
    const got: string[] = []
    const all = new Promise<void>((resolve) => {
      client.on('message', (data: Buffer) => {
        if (got.push(data.toString()) === 1000) resolve()
      })
    })
    const sent = Array.from({ length: 1000 }, (_, i) => `${i} ${'ä'.repeat(i)}`)
    for (const text of sent) client.send(text)
    await all
    expect(got).toEqual(sent)
    client.close()
    await idle(proxy)
    expect(attempts(proxy)).toEqual({ ok: 1 })
  })

  test('10 MB of bytes in one message pass, and pings are answered by the other end', async () => {
    const { proxy, server } = await room()
    server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
    const client = await enter(proxy)
    const bytes = Buffer.alloc(10_000_000).map((_, i) => (i * 31) & 255)
    client.send(bytes)
    const [back] = (await once(client, 'message')) as [Buffer]
    expect(back.equals(bytes)).toBe(true)
    client.ping('are you there?')
    const [pong] = (await once(client, 'pong')) as [Buffer]
    expect(String(pong)).toBe('are you there?')
    client.terminate()
  })

  test('close codes and reasons pass, both ways', async () => {
    const { proxy, server } = await room()
    const closed = new Promise<[number, string]>((resolve) => {
      server.on('connection', (socket) => {
        socket.on('close', (code, reason) => resolve([code, String(reason)]))
        socket.on('message', () => socket.close(4321, 'by the server'))
      })
    })
    const first = await enter(proxy)
    first.close(4123, 'by the client')
    expect(await closed).toEqual([4123, 'by the client'])
    const second = await enter(proxy)
    second.send('go')
    const [code, reason] = (await once(second, 'close')) as [number, Buffer]
    expect([code, String(reason)]).toEqual([4321, 'by the server'])
    await idle(proxy)
    expect(attempts(proxy)).toEqual({ ok: 2 })
  })

  test('a server that refuses is heard, with its status', async () => {
    const { proxy, server } = await room()
    server.options.verifyClient = (_: unknown, done: (ok: boolean, code: number) => void) =>
      done(false, 403)
    const client = new WebSocket(`ws://127.0.0.1:${proxy.port}/`)
    const [error] = (await once(client, 'error')) as [Error]
    expect(error.message).toBe('Unexpected server response: 403')
  })
})

describe('proxy-behaviour 4: a tunnel streams both ways with back-pressure', () => {
  test('what passes does not add to memory, however much it is', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    backend.behaviour = ({ socket }) => socket.write(ACCEPTED)
    const client = await RawClient.connect(proxy.port)
    client.send(HANDSHAKE)
    await client.receive('\r\n\r\n')
    const [{ socket: server }] = backend.connections
    server.removeAllListeners('data').resume()
    const begun = server.bytesRead
    const chunk = Buffer.alloc(256 * 1024, 'z')
    const before = process.memoryUsage().rss
    let most = 0
    for (let sent = 0; sent < SIZE; sent += chunk.length) {
      if (!client.socket.write(chunk)) await once(client.socket, 'drain')
      if (sent % 2 ** 23 === 0) most = Math.max(most, process.memoryUsage.rss())
    }
    while (server.bytesRead - begun < SIZE) await turn()
    expect(most - before).toBeLessThan(SIZE / 2)
    const { servers } = await statsOf(proxy)
    expect(servers[0]).toMatchObject({ tunnels: 1, inFlight: 1 })
    client.leave()
  }, 60_000)

  test.each(['client', 'server'] as const)(
    'the %s that does not read holds the other up',
    async (who) => {
      const { proxy, backend } = await scene.pair({}, switching())
      backend.behaviour = ({ socket }) => void socket.write(ACCEPTED)
      const { client, server } = await tunnel(proxy, backend)
      const [slow, fast] = who === 'client' ? [client.socket, server] : [server, client.socket]
      slow.pause()
      const chunk = Buffer.alloc(1024 * 1024)
      let sent = 0
      let stuck = false
      while (!stuck) {
        stuck = !fast.write(chunk)
        sent += chunk.length
        // Nothing moves any more: what is on the way is in buffers of bounded size.
        for (let i = 0; stuck && i < 200; i++) {
          await turn()
          if (fast.writableLength === 0) stuck = false
        }
      }
      expect(sent).toBeLessThan(40 * 1024 * 1024)
      const [exchange] = proxy.proxy['active']['exchanges']
      const near = exchange.tunnel!['client']
      const far = exchange.tunnel!['server']
      expect(near.writableLength + far.writableLength).toBeLessThan(1024 * 1024)
      // It goes on where it was.
      slow.removeAllListeners('data').resume()
      while (slow.bytesRead < sent) await turn()
      client.leave()
    },
  )
})

describe('how a tunnel ends', () => {
  test('the end of one direction passes, and the other goes on', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const { client, server } = await tunnel(proxy, backend)
    server.allowHalfOpen = true
    client.socket.end('last words')
    await once(server, 'end')
    expect(backend.text).toMatch(/last words$/)
    server.write(' and an answer')
    await client.receive('last words and an answer')
    expect(proxy.inflight).toBe(1)
    server.end()
    await client.untilClosed()
    await idle(proxy)
    expect(attempts(proxy)).toEqual({ ok: 1 })
  })

  test('whoever does not end when the other has is cut after half a minute', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const half = await tunnel(proxy, backend)
    half.server.allowHalfOpen = true
    half.client.socket.end()
    await once(half.server, 'end')
    proxy.advance(30_000)
    expect(proxy.inflight).toBe(1)
    proxy.advance(200)
    expect(proxy.inflight).toBe(0)
  })

  test('a client that breaks off is nobody’s fault; its server hears of it', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const { client, server } = await tunnel(proxy, backend)
    client.socket.resetAndDestroy()
    await once(server, 'close')
    await idle(proxy)
    expect(attempts(proxy)).toEqual({ aborted: 1 })
  })

  test('a server that breaks off is an error in the figures, but not against its health', async () => {
    const ejection = { consecutive: 1, base: 10_000, max: 10_000, share: 1 }
    const { backend } = await scene.pair()
    backend.behaviour = switching()
    const other = await scene.backend()
    const proxy = await scene.proxy({ servers: [backend.url, other.url], ejection })
    const { client, server } = await tunnel(proxy, backend)
    server.resetAndDestroy()
    await client.untilClosed()
    await idle(proxy)
    expect(attempts(proxy)).toEqual({ error: 1 })
    proxy.advance(100)
    expect(proxy.proxy.balancer.servers.map(({ state }) => state)).toEqual(['up', 'up'])
  })

  test('before the 101 it is a failure like any other: a refused connection goes to another server', async () => {
    const backend = await scene.backend(switching())
    const proxy = await scene.proxy({ servers: [await scene.deadUrl(), backend.url] })
    const { client } = await tunnel(proxy, backend)
    expect(proxy.proxy.counters.retries).toEqual({ refused: 1 })
    client.leave()
    await idle(proxy)
  })

  test('an open tunnel speaks for its server at once, and its length is no latency', async () => {
    const ejection = { consecutive: 1, base: 1000, max: 1000, share: 1 }
    const backend = await scene.backend(({ socket }) => socket.destroy())
    const other = await scene.backend()
    const proxy = await scene.proxy({
      servers: [backend.url, other.url],
      ejection,
      retries: { attempts: 0 },
    })
    await RawClient.exchange(proxy.port, HANDSHAKE)
    const [server] = proxy.proxy.balancer.servers
    proxy.advance(100)
    expect(server.state).toBe('ejected')
    proxy.advance(1500)
    backend.behaviour = switching()
    other.behaviour = switching()
    // Its trial is one of two: round robin.
    const one = await RawClient.connect(proxy.port)
    one.send(HANDSHAKE)
    await one.receive('\r\n\r\n')
    const two = await RawClient.connect(proxy.port)
    two.send(HANDSHAKE)
    await two.receive('\r\n\r\n')
    proxy.advance(100)
    expect([server.state, server.inflight]).toEqual(['up', 1])
    proxy.advance(600_000)
    one.leave()
    two.leave()
    await idle(proxy)
    for (const { attempts: tally } of proxy.proxy.series.total().servers) {
      expect(tally.latency?.max ?? 0).toBeLessThan(1000)
    }
  })
})
