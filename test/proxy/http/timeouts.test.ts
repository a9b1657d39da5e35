import { describe, expect, test } from 'vitest'
import { useScene } from '../../support/scene.ts'
import { RawClient } from '../../support/raw-client.ts'

const scene = useScene()

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('section 3: timeouts', () => {
  test('no head within `response`: 504, not tried again, and the server is blamed', async () => {
    const silent = await scene.backend(() => {})
    const proxy = await scene.proxy({
      servers: [silent.url, silent.url.replace('127.0.0.1', 'localhost')],
    })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await silent.until(() => silent.text !== '')
    proxy.advance(15_200)
    expect(await client.receive('upstream_timeout')).toMatch(/^HTTP\/1\.1 504 /)
    expect(proxy.inflight).toBe(0)
    expect(proxy.proxy.series.total().servers[0].attempts.outcomes.timeout).toBe(1)
    expect(silent.connections).toHaveLength(1)
    client.leave()
  })

  test('but not for a client that nobody can see any more, since more of its requests wait than are read', async () => {
    const silent = await scene.backend(() => {})
    const proxy = await scene.proxy({ servers: [silent.url] })
    const client = await RawClient.connect(proxy.port)
    client.send(GET.repeat(40))
    await silent.until(() => silent.text !== '')
    client.leave()
    proxy.advance(15_200)
    expect(proxy.proxy.series.total().servers[0].attempts.outcomes).toMatchObject({
      aborted: 1,
      timeout: 0,
    })
  })

  test('a server that did not answer in time is asked at once whether it is well', async () => {
    const silent = await scene.backend(() => {})
    const health = { path: '/health', interval: 1e12, timeout: 1000, fall: 3, rise: 2 }
    const proxy = await scene.proxy({ servers: [silent.url], health })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await silent.until(() => silent.text !== '')
    proxy.advance(15_200)
    await client.receive('upstream_timeout')
    expect(silent.text).not.toContain('GET /health')
    proxy.advance(100)
    await silent.until(() => silent.text.includes('GET /health'))
    client.leave()
  })

  test('nothing more of a body for `idleBody`: the client is cut off', async () => {
    const stuck = await scene.backend(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok')
    })
    const proxy = await scene.proxy({ servers: [stuck.url] })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await client.receive('\r\n\r\nok')
    proxy.advance(60_200)
    await client.untilClosed()
    await stuck.until(() => stuck.connections[0].socket.destroyed)
    expect(proxy.inflight).toBe(0)
  })

  test('a client that stops in the middle of its body for `clientBody`: 408', async () => {
    const backend = await scene.backend(() => {})
    const proxy = await scene.proxy({ servers: [backend.url] })
    const client = await RawClient.connect(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe')
    await backend.until(() => backend.text.endsWith('he'))
    proxy.advance(30_200)
    expect(await client.receive('client_timeout')).toMatch(
      /^HTTP\/1\.1 408 [^]*\r\nConnection: close\r\n/,
    )
    expect(proxy.inflight).toBe(0)
    expect(proxy.proxy.series.total().servers[0].attempts.outcomes.aborted).toBe(1)
  })

  test('a client that does not finish its head within `clientHeader`: 408', async () => {
    const backend = await scene.backend()
    const proxy = await scene.proxy({ servers: [backend.url], timeouts: { clientHeader: 50 } })
    const text = await RawClient.exchange(proxy.port, 'GET / HTTP/1.1\r\nHost')
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(backend.connections).toHaveLength(0)
  })

  test('a client that does not read for `idleBody` is cut off, and the server is not blamed', async () => {
    const chunk = Buffer.alloc(1 << 20, 'x')
    const endless = await scene.backend(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n')
      const more = (): void => {
        while (socket.writable && socket.write(chunk)) {}
      }
      socket.on('drain', more)
      more()
    })
    const proxy = await scene.proxy({ servers: [endless.url] })
    const client = await RawClient.connect(proxy.port)
    client.socket.pause()
    client.send(GET)
    await endless.until(() => endless.connections.length > 0)
    // Until both sides stand still: the backend's socket takes no more.
    const { socket } = endless.connections[0]
    let written = -1
    while (socket.bytesWritten !== written || !socket.writableNeedDrain) {
      written = socket.bytesWritten
      for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(written).toBeLessThan(64 << 20)
    proxy.advance(60_200)
    await endless.until(() => socket.destroyed)
    expect(proxy.inflight).toBe(0)
    expect(proxy.proxy.series.total().servers[0].attempts.outcomes.aborted).toBe(1)
    client.leave()
  })
})
