import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const LAST = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

describe('section 3: timeouts of connections', () => {
  test('a client’s connection that is kept ends after `clientIdle`, and an answer begins it anew', async () => {
    const clientIdle = 300
    const { proxy } = await scene.pair({ timeouts: { clientIdle } })
    const client = await RawClient.connect(proxy.port)
    // It goes by a timer of Node's, which no test can move: so requests come for longer than that.
    const enough = performance.now() + 2 * clientIdle
    while (performance.now() < enough) {
      client.text = ''
      client.send(GET)
      await client.receive('\r\n\r\nok')
    }
    await client.untilClosed()
  })

  test('a connection to a server that is kept ends after `upstreamIdle`, and the next request makes another', async () => {
    const { backend, proxy } = await scene.pair({ timeouts: { upstreamIdle: 100 } })
    expect(await RawClient.exchange(proxy.port, LAST)).toMatch(/^HTTP\/1\.1 200 /)
    const [{ socket }] = backend.connections
    if (!socket.destroyed) await once(socket, 'close')
    expect(await RawClient.exchange(proxy.port, LAST)).toMatch(/^HTTP\/1\.1 200 /)
    expect(backend.connections).toHaveLength(2)
  })

  test('or sooner, where the server says so (Keep-Alive: timeout)', async () => {
    const hint = OK.replace('Content-Length', 'Keep-Alive: timeout=1\r\nContent-Length')
    const { backend, proxy } = await scene.pair({}, answering(hint))
    const text = await RawClient.exchange(proxy.port, LAST)
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
    expect(text).not.toContain('timeout=1')
    const [{ socket }] = backend.connections
    if (!socket.destroyed) await once(socket, 'close')
  })

  test('`total` is for all tries of a request together: 504, though each had time left', async () => {
    const first = await scene.backend(() => {})
    const second = await scene.backend(() => {})
    const proxy = await scene.proxy({
      servers: [first.url, second.url],
      timeouts: { response: 10_000, total: 1000 },
    })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await first.until(() => first.text !== '')
    proxy.advance(600)
    first.connections[0].socket.destroy()
    await second.until(() => second.text !== '')
    proxy.advance(300)
    expect(client.text).toBe('')
    proxy.advance(200)
    expect(await client.receive('upstream_timeout')).toMatch(/^HTTP\/1\.1 504 /)
    expect(proxy.inflight).toBe(0)
    client.leave()
  })

  test('and no try begins when it is over', async () => {
    const first = await scene.backend(() => {})
    const second = await scene.backend()
    const proxy = await scene.proxy({ servers: [first.url, second.url], timeouts: { total: 1000 } })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await first.until(() => first.text !== '')
    proxy.advance(1100)
    expect(await client.receive('upstream_timeout')).toMatch(/^HTTP\/1\.1 504 /)
    expect(second.connections).toHaveLength(0)
    client.leave()
  })

  test('nor where a try fails between the end of `total` and the tick that would tell', async () => {
    const first = await scene.backend(() => {})
    const second = await scene.backend()
    const proxy = await scene.proxy({ servers: [first.url, second.url], timeouts: { total: 1000 } })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await first.until(() => first.text !== '')
    proxy.pass(1000)
    first.connections[0].socket.destroy()
    expect(await client.receive('upstream_reset')).toMatch(/^HTTP\/1\.1 502 /)
    expect(second.connections).toHaveLength(0)
    client.leave()
  })
})
