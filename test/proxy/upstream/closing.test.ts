import { describe, expect, test } from 'vitest'
import { openUpstream } from '../../../proxy/http/open-upstream.ts'
import type { Upstream, UpstreamHandler } from '../../../proxy/http/upstream.ts'
import { wayTo } from '../../../proxy/http/way.ts'
import { TLS_DEFAULTS } from '../../../proxy/upstream-settings.ts'
import { Authority } from '../../support/certificates.ts'
import { type RawH2Connection, RawH2Server } from '../../support/raw-h2-server.ts'
import { RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const authority = await Authority.start()
const scene = useScene()
const times = { connectTimeout: 1000, idleTimeout: 1000 }

/** What came of a request: its status, or the name of the error. */
function sent(upstream: Upstream, upgrade: string | null = null): Promise<number | string> {
  const { promise, resolve } = Promise.withResolvers<number | string>()
  let status = 0
  const handler: UpstreamHandler & { onRequestUpgrade(): void } = {
    onRequestUpgrade() {},
    connection: undefined,
    onRequestStart() {},
    onResponseStart: (_control, code) => void (status = code),
    onResponseData() {},
    onResponseEnd: () => resolve(status),
    onResponseError: (_control, error) => resolve(error.name),
  }
  upstream.send({ method: 'GET', path: '/', headers: [], body: null, upgrade }, handler)
  return promise
}

describe('an upstream that closes', () => {
  test('over HTTP/2 finishes what it has, those who wait for a connection included', async () => {
    const asked: [RawH2Connection, number][] = []
    const server = await RawH2Server.start((...each) => void asked.push(each))
    scene.atEnd(() => server.stop())
    const upstream = openUpstream(wayTo({ url: server.url }, TLS_DEFAULTS), times)
    const answers = [sent(upstream), sent(upstream)]
    const closed = upstream.close()
    while (asked.length < 2) await new Promise((resolve) => setImmediate(resolve))
    for (const [connection, stream] of asked) connection.headers(stream, [':status', '204'], true)
    expect(await Promise.all(answers)).toEqual([204, 204])
    await closed
    const [{ socket }] = server.connections
    if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve))
  })

  test('ends at once where nothing is under way, and at a second word', async () => {
    const server = await RawH2Server.start(() => {})
    scene.atEnd(() => server.stop())
    const idle = openUpstream(wayTo({ url: server.url }, TLS_DEFAULTS), times)
    await idle.close()
    const busy = openUpstream(wayTo({ url: server.url }, TLS_DEFAULTS), times)
    const answer = sent(busy)
    while (server.count === 0) await new Promise((resolve) => setImmediate(resolve))
    const closed = busy.close()
    await busy.destroy()
    expect(await answer).toBe('StreamFailure')
    await closed
  })

  test('over HTTP/1.1 does the same', async () => {
    const backend = await scene.backend()
    const upstream = openUpstream(wayTo({ url: backend.url }, TLS_DEFAULTS), times)
    const answer = sent(upstream)
    await upstream.close()
    expect(await answer).toBe(200)
  })
})

describe('an offer to change the protocol', () => {
  test('goes over HTTP/1.1 where TLS can choose, whatever other requests go over', async () => {
    const { cert, key } = await authority.issue(['127.0.0.1'])
    const tls = { cert, key, ALPNProtocols: ['h2', 'http/1.1'] }
    const backend = await RecordingBackend.start(undefined, 0, tls)
    scene.atEnd(() => backend.stop())
    const own = { ca: authority.own.certFile }
    const way = wayTo({ url: backend.url, http2: true, tls: own }, TLS_DEFAULTS)
    const upstream = openUpstream(way, times)
    expect(await sent(upstream, 'websocket')).toBe(200)
    expect(backend.text).toMatch(/^GET \/ HTTP\/1\.1\r\n[^]*upgrade: websocket/i)
    await upstream.destroy()
  })

  test('is none that a server of h2c could take', async () => {
    const server = await RawH2Server.start(() => {})
    scene.atEnd(() => server.stop())
    const upstream = openUpstream(wayTo({ url: server.url }, TLS_DEFAULTS), times)
    expect(await sent(upstream, 'websocket')).toBe('ConnectFailure')
    expect(server.connections).toHaveLength(0)
  })
})
