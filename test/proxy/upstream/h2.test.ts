import { once } from 'node:events'
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Authority } from '../../support/certificates.ts'
import type { TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const authority = await Authority.start()
const ca = authority.own.certFile
const { cert, key } = await authority.issue(['127.0.0.1'])
const scene = useScene()

type Behaviour = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  raw: readonly string[],
) => void

const OK: Behaviour = (stream) => {
  stream.respond({ ':status': 200 })
  stream.end('ok')
}

/** One request on its own connection, and all that comes back. */
function ask(proxy: TestProxy, start = 'GET / HTTP/1.1\r\nHost: a\r\n'): Promise<string> {
  return RawClient.exchange(proxy.port, `${start}Connection: close\r\n\r\n`)
}

/** As fast as it is taken. */
function pour(stream: ServerHttp2Stream, count: { sent: number }): void {
  while (count.sent < 64 * 1024 * 1024) {
    count.sent += 65_536
    if (stream.write(Buffer.alloc(65_536))) continue
    stream.once('drain', () => pour(stream, count))
    return
  }
  stream.end()
}

interface Backend {
  url: string
  server: Http2Server
  /** One entry a connection. */
  sessions: unknown[]
  /** The fields of each request. */
  requests: (readonly string[])[]
}

async function backend(behaviour: Behaviour = OK, scheme = 'h2c', options = {}): Promise<Backend> {
  const server =
    scheme === 'h2c' ? createServer(options) : createSecureServer({ cert, key, ...options })
  const all: Backend = { url: '', server, sessions: [], requests: [] }
  server.on('session', (session) => all.sessions.push(session))
  server.on('stream', (stream: ServerHttp2Stream, headers, _flags, raw?: unknown) => {
    stream.on('error', () => {})
    all.requests.push(raw as string[])
    behaviour(stream, headers, raw as string[])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  all.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
  scene.atEnd(() => {
    server.close()
    for (const session of all.sessions) (session as { destroy(): void }).destroy()
  })
  return all
}

describe('HTTP/2 to servers', () => {
  test('h2c is spoken without being asked, over one connection', async () => {
    const { requests, sessions, url } = await backend()
    const proxy = await scene.proxy({ servers: [url] })
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(proxy)))
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n2\r\nok/)
    expect(sessions).toHaveLength(1)
    expect(requests).toHaveLength(20)
    expect(proxy.inflight).toBe(0)
  })

  test('behind https it is offered, and spoken where the server chooses it; verified', async () => {
    const { requests, url } = await backend(OK, 'https')
    const proxy = await scene.proxy({ servers: [{ url, http2: true, tls: { ca } }] })
    expect(await ask(proxy)).toMatch(/ 200 /)
    expect(requests).toHaveLength(1)
    const strict = await scene.proxy({ servers: [{ url, http2: true }] })
    expect(await ask(strict)).toMatch(/ 502 [^]*"upstream_tls"/)
    expect(requests).toHaveLength(1)
  })

  test('a server that chooses HTTP/1.1 gets that', async () => {
    const old = await RecordingBackend.start(undefined, 0, { cert, key })
    scene.atEnd(() => old.stop())
    const proxy = await scene.proxy({ servers: [{ url: old.url, http2: true, tls: { ca } }] })
    for (let i = 0; i < 3; i++) expect(await ask(proxy)).toMatch(/ 200 /)
    expect(old.text.match(/GET \/ HTTP\/1\.1/g)).toHaveLength(3)
  })

  test('one is not asked for HTTP/2 unless that is set', async () => {
    const versions: string[] = []
    const server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
      versions.push(request.httpVersion)
      response.end('ok')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    scene.atEnd(() => void server.close())
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const http2 of [true, false]) {
      const proxy = await scene.proxy({ servers: [{ url, http2, tls: { ca } }] })
      for (let i = 0; i < 2; i++) expect(await ask(proxy)).toMatch(/ 200 /)
      proxy.proxy.kill()
    }
    expect(versions).toEqual(['2.0', '2.0', '1.1', '1.1'])
  })

  test('fields go as they are, in small letters and order; Host is the authority', async () => {
    const { requests, url } = await backend()
    const proxy = await scene.proxy({ servers: [url] })
    const fields =
      'X-B: 1\r\nX-A: \xe9\r\nCookie: a=1\r\nx-b: 2\r\nCookie: b=2\r\nConnection: x-c\r\nX-C: 3'
    await ask(proxy, `GET /a//b?c=%41 HTTP/1.1\r\nHost: shop.test:81\r\n${fields}\r\n`)
    const raw = requests[0]
    expect(raw.slice(0, 8)).toEqual([
      ':method',
      'GET',
      ':scheme',
      'http',
      ':authority',
      'shop.test:81',
      ':path',
      '/a//b?c=%41',
    ])
    const pairs = Array.from({ length: raw.length / 2 }, (_, i) => raw.slice(2 * i, 2 * i + 2))
    const of = (name: string) => pairs.filter(([each]) => each === name).map(([, value]) => value)
    expect(of('x-b')).toEqual(['1', '2'])
    expect(of('x-a')).toEqual(['\xe9'])
    expect(of('cookie').join('; ')).toBe('a=1; b=2')
    for (const gone of ['x-c', 'connection', 'host', 'transfer-encoding'])
      expect(of(gone)).toEqual([])
    expect(of('via')).toEqual(['1.1 evenkeel'])
    for (const [name] of pairs) expect(name).toBe(name.toLowerCase())
  })

  test('fields of an answer come back one by one, with trailers and 103', async () => {
    const { url } = await backend((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>' })
      stream.respond(
        [
          'set-cookie',
          'a=1',
          'etag',
          '"1"',
          'x-b',
          '1',
          'set-cookie',
          'b=2',
          'x-b',
          '2',
          'trailer',
          'x-t',
        ] as never,
        { waitForTrailers: true },
      )
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-t': 'end' }))
      stream.end('ok')
    })
    const proxy = await scene.proxy({ servers: [url] })
    const answer = await ask(proxy)
    expect(answer).toMatch(/^HTTP\/1\.1 103 [^]*link: <\/a\.css>/)
    const fields = [
      ...answer.slice(answer.indexOf('HTTP/1.1 200')).matchAll(/^(set-cookie|x-b): (.*)/gm),
    ]
    expect(fields.map(([, name, value]) => `${name}=${value}`)).toEqual([
      'set-cookie=a=1',
      'x-b=1',
      'set-cookie=b=2',
      'x-b=2',
    ])
    expect(answer).toContain('Via: 2 evenkeel\r\n')
    expect(answer).toContain('x-t: end\r\n')
  })

  test('bodies stream both ways, and HEAD and 204 have none', async () => {
    const { url } = await backend((stream, headers) => {
      if (headers[':method'] === 'POST') {
        stream.respond({ ':status': 200 })
        stream.pipe(stream)
        return
      }
      stream.respond({ ':status': headers[':method'] === 'HEAD' ? 200 : 204 }, { endStream: true })
    })
    const proxy = await scene.proxy({ servers: [url] })
    const body = 'x'.repeat(1_000_000)
    const echo = await fetch(proxy.url, { method: 'POST', body })
    expect(await echo.text()).toBe(body)
    expect((await fetch(proxy.url, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(proxy.url)).status).toBe(204)
    expect(proxy.inflight).toBe(0)
  })

  test('a slow reader holds up nobody else on the connection, and the server in the end', async () => {
    const large = { sent: 0 }
    const { sessions, url } = await backend((stream, headers) => {
      stream.respond({ ':status': 200 })
      if (headers[':path'] === '/large') pour(stream, large)
      else stream.end('ok')
    })
    const proxy = await scene.proxy({ servers: [url] })
    const slow = await RawClient.connect(proxy.port)
    slow.socket.pause()
    slow.send('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
    let before = -1
    while (before !== large.sent || large.sent === 0) {
      before = large.sent
      expect(await ask(proxy)).toMatch(/ 200 /)
    }
    expect(large.sent).toBeLessThan(32 * 1024 * 1024)
    expect(sessions).toHaveLength(1)
    slow.leave()
    while (proxy.inflight > 0) await ask(proxy)
  })

  test('more streams than the server allows go over another connection', async () => {
    const open: ServerHttp2Stream[] = []
    const { sessions, url } = await backend((stream) => open.push(stream), 'h2c', {
      settings: { maxConcurrentStreams: 3 },
    })
    const proxy = await scene.proxy({ servers: [url] })
    const first = ask(proxy)
    while (open.length < 1) await new Promise((resolve) => setImmediate(resolve))
    const others = Array.from({ length: 6 }, () => ask(proxy))
    while (open.length < 7) await new Promise((resolve) => setImmediate(resolve))
    expect(sessions.length).toBeGreaterThanOrEqual(2)
    for (const stream of open) OK(stream, {}, [])
    for (const answer of await Promise.all([first, ...others])) expect(answer).toMatch(/ 200 /)
  })

  test('an early answer to an upload is passed on, and the rest is not sent', async () => {
    const { url } = await backend((stream) => {
      stream.respond({ ':status': 413 })
      stream.end('no')
    })
    const proxy = await scene.proxy({ servers: [url] })
    const client = await RawClient.connect(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nhello')
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1\.1 413 /)
    expect(proxy.inflight).toBe(0)
  })

  test('a client that leaves cancels its stream and no other', async () => {
    const open: ServerHttp2Stream[] = []
    const { sessions, url } = await backend((stream) => open.push(stream))
    const proxy = await scene.proxy({ servers: [url] })
    const leaving = await RawClient.connect(proxy.port)
    leaving.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    while (open.length < 1) await new Promise((resolve) => setImmediate(resolve))
    const staying = ask(proxy)
    while (open.length < 2) await new Promise((resolve) => setImmediate(resolve))
    const gone = once(open[0], 'close')
    leaving.leave()
    await gone
    expect(open[0].rstCode).toBe(8)
    OK(open[1], {}, [])
    expect(await staying).toMatch(/ 200 /)
    expect(sessions).toHaveLength(1)
    expect(proxy.inflight).toBe(0)
  })

  test('checks speak it too, on connections of their own', async () => {
    const { requests, sessions, url } = await backend()
    const health = { path: '/h', interval: 100, timeout: 1000, fall: 1, rise: 1 }
    const proxy = await scene.proxy({ servers: [], health })
    proxy.proxy.servers.add({ id: 'b1', url, weight: 1, backup: false })
    const [server] = proxy.proxy.balancer.servers
    for (let i = 1; i <= 3; i++) {
      while (requests.length < i) {
        proxy.advance(100)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    expect(server.state).toBe('up')
    expect(sessions.length).toBeGreaterThanOrEqual(3)
    expect(requests[0]).toContain('/h')
  })
})
