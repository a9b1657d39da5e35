import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ask, POST } from '../../support/asking.ts'
import { Authority } from '../../support/certificates.ts'
import { RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const authority = await Authority.start()
const ca = authority.own.certFile
const scene = useScene()

describe('proxy-behaviour 8, TLS to upstreams, unusual servers', () => {
  test('a server that breaks the handshake off for a reason of its own gets nothing, and is left', async () => {
    const INTERNAL_ERROR = Buffer.of(21, 3, 3, 0, 2, 2, 80)
    const strange = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.end(INTERNAL_ERROR))
    }).listen(0, '127.0.0.1')
    await once(strange, 'listening')
    scene.atEnd(() => void strange.close())
    const { port } = strange.address() as { port: number }
    const url = `https://127.0.0.1:${port}`
    const health = { path: '/', interval: 100, timeout: 1000, fall: 1, rise: 1 }
    const proxy = await scene.proxy({ servers: [url], health })
    expect(await ask(proxy, POST)).toMatch(/ 502 [^]*"upstream_tls"/)
    const [server] = proxy.proxy.balancer.servers
    await scene.until(() => {
      proxy.advance(100)
      return server.reason !== ''
    })
    expect(server.reason).toContain('TLS handshake failed')
  })

  test('one where nobody listens is unreachable, and no failure of TLS', async () => {
    const url = (await scene.deadUrl()).replace('http:', 'https:')
    const proxy = await scene.proxy({ servers: [url] })
    expect(await ask(proxy, POST)).toMatch(/ 502 [^]*"upstream_unreachable"/)
  })

  test('the name in its URL is the one that its certificate has to have', async () => {
    for (const [name, status] of [
      ['localhost', 200],
      ['other.test', 502],
    ] as const) {
      const { cert, key } = await authority.issue([name])
      const backend = await RecordingBackend.start(undefined, 0, { cert, key })
      scene.atEnd(() => backend.stop())
      const url = backend.url.replace('127.0.0.1', 'localhost')
      const proxy = await scene.proxy({ servers: [{ url, tls: { ca } }] })
      expect(await ask(proxy)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    }
  })
})
