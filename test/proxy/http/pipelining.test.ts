import { describe, expect, test } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

/** Several requests sent without waiting for answers (RFC 9112, section 9.3.2). */
const scene = useScene()
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

describe('one request of a connection is at work at a time', () => {
  test('the next one reaches a backend when the one before is answered', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(`POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi${get('/two')}`)
    await backend.until(() => backend.text.endsWith('hi'))
    expect(proxy.inflight).toBe(1)
    backend.connections[0].socket.write(OK)
    await backend.until(() => backend.text.includes('/two'))
    expect(client.text).toMatch(/^HTTP\/1\.1 200 [^]*ok$/)
    client.leave()
  })

  test('thousands of them from one client are one request in flight, and are not even read', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(get('/x').repeat(1_000_000)) // 30 MB: more than the system keeps on the way.
    await backend.until(() => backend.text !== '')
    expect(proxy.inflight).toBe(1)
    expect(backend.connections).toHaveLength(1)
    const other = await RawClient.connect(proxy.port)
    other.send(get('/lb/health'))
    await other.receive('"ok"')
    expect(client.socket.writableLength).toBeGreaterThan(0)
    client.leave()
    other.leave()
    // Who is not read from is seen to have left when an answer cannot be written.
    backend.behaviour = ({ socket }) => socket.write(OK)
    backend.connections[0].socket.write(OK)
    while (proxy.inflight > 0) await new Promise((resolve) => setImmediate(resolve))
  })

  test('all are answered, in order, however many', async () => {
    const order: number[] = []
    const { proxy } = await scene.pair({}, ({ socket }, chunk) => {
      order.push(Number(/GET \/(\d+) /.exec(chunk.toString())![1]))
      socket.write(OK)
    })
    const client = await RawClient.connect(proxy.port)
    for (let i = 0; i < 100; i++) client.send(get(`/${i}`))
    await client.until(() => (client.text.match(/\r\n\r\nok/g) ?? []).length === 100)
    expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i))
    client.leave()
  })

  test('a hundred that the proxy answers itself do not hold up another client', async () => {
    const { proxy } = await scene.pair()
    const client = await RawClient.connect(proxy.port)
    const other = await RawClient.connect(proxy.port)
    client.send(get('/lb/health').repeat(100))
    await client.receive('"ok"')
    other.send(get('/lb/health'))
    await other.receive('"ok"')
    expect(client.text.match(/"ok"/g)!.length).toBeLessThan(100)
    client.leave()
    other.leave()
  })

  test('reading goes on when the queue is short again, in the middle of a large body too', async () => {
    const size = 3_000_000
    const { proxy, backend } = await scene.pair({}, ({ socket, text }) => {
      if (text.includes('POST') ? text.endsWith('x.') : text.endsWith('\r\n\r\n')) socket.write(OK)
    })
    const client = await RawClient.connect(proxy.port)
    const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size - 1)}.`
    client.send(get('/a').repeat(2000) + post)
    await client.until(() => (client.text.match(/\r\n\r\nok/g) ?? []).length === 2001)
    expect(backend.text.length).toBeGreaterThan(size)
    client.leave()
  })

  test('a slow but moving answer is not cut off because another request waits behind it', async () => {
    const { proxy, backend } = await scene.pair({}, ({ socket, text }) => {
      if (text.includes('/slow')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n1')
    })
    const client = await RawClient.connect(proxy.port)
    client.send(get('/slow') + get('/fast'))
    await client.receive('\r\n\r\n1')
    let body = '1'
    for (const piece of '2345') {
      proxy.advance(40_000)
      backend.behaviour = ({ socket }) => socket.write(OK)
      backend.connections[0].socket.write(piece)
      body += piece
      await client.receive(`\r\n\r\n${body}`)
    }
    await client.receive('\r\n\r\nok')
    client.leave()
  })

  test('stopping answers those that have come in, and the last answer ends the connection', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(get('/one') + get('/two'))
    await backend.until(() => backend.text !== '')
    const stopped = proxy.proxy.stop()
    backend.behaviour = ({ socket }) => socket.write(OK)
    backend.connections[0].socket.write(OK)
    await client.untilClosed()
    expect(client.text.match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
    expect(client.text).toMatch(/Connection: close\r\n[^]*ok$/)
    await stopped
  })

  test('stopping while an answer is under way: what follows on its connection is answered, and ends it', async () => {
    const { proxy, backend } = await scene.pair({}, ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel')
    })
    const client = await RawClient.connect(proxy.port)
    client.send(get('/one'))
    await client.receive('\r\n\r\nhel')
    const stopped = proxy.proxy.stop()
    backend.behaviour = ({ socket }) => socket.write(OK)
    client.send(get('/two'))
    backend.connections[0].socket.write('lo')
    await client.untilClosed()
    expect(client.text.match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
    expect(client.text).toMatch(/hello[^]*Connection: close\r\n[^]*ok$/)
    await stopped
  })

  test('a bad body of one that waits is refused when its turn comes, and reaches no backend', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(
      `${get('/one')}POST /two HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    )
    await backend.until(() => backend.text !== '')
    backend.connections[0].socket.write(OK)
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1\.1 200 [^]*ok\s*HTTP\/1\.1 400 [^]*bad_request/)
    expect(backend.text).not.toContain('/two')
  })
})

describe('an offer to change the protocol', () => {
  const upgrade = (method: string, rest: string): string =>
    `${method} /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${rest}`

  test('gets a plain answer that ends the connection: nothing behind it is read as a request', async () => {
    const { proxy, backend } = await scene.pair()
    const smuggled = get('/smuggled')
    const client = await RawClient.connect(proxy.port)
    client.send(
      `${upgrade('GET', '\r\n')}POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n`,
    )
    await client.receive('ok')
    client.send(smuggled)
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n/)
    expect(client.text.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(backend.text).not.toContain('smuggled')
  })

  const hello = 'hello'.repeat(40_000)
  test.each([
    ['a length', `Content-Length: ${hello.length}\r\n\r\n`, hello],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n', `30d40\r\n${hello}\r\n0\r\n\r\n`],
  ])('with a body of %s too, and all of it is passed on', async (_name, fields, body) => {
    for (const cut of [0, 12, body.length - 2, body.length]) {
      const { proxy, backend } = await scene.pair({}, ({ socket, text }) => {
        if (text.slice(text.indexOf('\r\n\r\n')).match(/o/g)?.length === 40_000) socket.write(OK)
      })
      const client = await RawClient.connect(proxy.port)
      client.send(upgrade('POST', fields) + body.slice(0, cut))
      await backend.until(() => cut === 0 || backend.text.includes('hel'))
      client.send(body.slice(cut) + get('/smuggled'))
      await client.untilClosed()
      expect(client.text).toMatch(/^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n/)
      expect(client.text.match(/HTTP\/1\.1 /g)).toHaveLength(1)
      expect(backend.text).not.toContain('smuggled')
    }
  })

  const chunked = 'Transfer-Encoding: chunked\r\n\r\n'
  test.each([
    ['with its head', chunked, 'zz\r\n'],
    ['behind a chunk', `${chunked}5\r\nhello\r\n`, 'zz\r\n'],
    ['in the middle of a packet', chunked, '5\r\nhello\r\n\r\n0\r\n\r\n'],
    ['in its trailers', `${chunked}0\r\n`, 'a b\r\n\r\n'],
    ['in one packet', `${chunked}5\r\nhello\r\nzz\r\n`, ''],
  ])('with a body that is malformed %s has 400 at once', async (_name, begun, rest) => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(upgrade('POST', begun))
    if (rest !== '') await scene.until(() => proxy.inflight === 1)
    client.send(`${rest}0\r\n\r\n${get('/smuggled')}`)
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1\.1 400 [^]*\r\nConnection: close\r\n[^]*bad_request/)
    expect(client.text.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(backend.text).not.toMatch(/smuggled|\r\n0\r\n/)
    expect(proxy.inflight).toBe(0)
  })

  test('with a malformed body has 400 behind a PROXY header too, in one packet with it or not', async () => {
    for (const cut of [0, 40, Infinity]) {
      const listen = { host: '127.0.0.1', port: 0, proxyProtocol: true }
      const { proxy } = await scene.pair(
        { listen: [listen], trustedProxies: ['127.0.0.1'] },
        () => {},
      )
      const client = await RawClient.connect(proxy.port)
      const text = `PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${upgrade('POST', `${chunked}zz\r\n`)}`
      client.send(text.slice(0, cut))
      await new Promise((resolve) => setImmediate(resolve))
      client.send(text.slice(cut))
      await client.untilClosed()
      expect(client.text).toMatch(/^HTTP\/1\.1 400 [^]*\r\nConnection: close\r\n[^]*bad_request/)
      expect(proxy.inflight).toBe(0)
    }
  })

  test('without Connection: upgrade is none, and the next request is served', async () => {
    const { proxy } = await scene.pair()
    const alone = get('/a').replace('\r\n\r\n', '\r\nUpgrade: h2c\r\n\r\n')
    const client = await RawClient.connect(proxy.port)
    client.send(alone + get('/b'))
    await client.until(() => client.text.split('\r\n\r\nok').length === 3)
    expect(client.text).not.toMatch(/connection: close/i)
    client.leave()
  })

  test('at the eyes of the proxy ends the connection as well', async () => {
    const { proxy } = await scene.pair()
    const text = await RawClient.exchange(
      proxy.port,
      upgrade('GET', '\r\n').replace('/a', '/lb/health'),
    )
    expect(text).toMatch(/^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n/)
  })
})

describe('behind the last answer of a connection nothing is served', () => {
  /** Sends it all at once and waits for the end; then says what came back, and what went through. */
  async function last(requests: string): Promise<[statuses: string[], reached: string[]]> {
    const { proxy, backend } = await scene.pair()
    const text = await RawClient.exchange(proxy.port, requests)
    while (proxy.inflight > 0) await new Promise((resolve) => setImmediate(resolve))
    const reached = backend.text.match(/^[A-Z]+ \/[a-z]*/gm) ?? []
    return [text.match(/HTTP\/1\.1 \d+|Connection: close/g) ?? [], reached]
  }

  test('an HTTP/1.0 client that says close and keep-alive means close (RFC 9112, section 9.3)', async () => {
    const both = 'GET /a HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n'
    expect(await last(`${both}${get('/b')}`)).toEqual([
      ['HTTP/1.1 200', 'Connection: close'],
      ['GET /a'],
    ])
  })

  test('half a request there does not harm the answer', async () => {
    const { proxy } = await scene.pair()
    for (let i = 0; i < 5; i++) {
      const client = await RawClient.connect(proxy.port)
      client.send('G')
      await new Promise((resolve) => setImmediate(resolve))
      client.send('ET / HTTP/1.0\r\nHost: a\r\n\r\nGET / HT')
      await client.untilClosed()
      expect(client.text).toMatch(/^HTTP\/1\.1 200 [^]*ok$/)
    }
  })

  test('a CONNECT there does not harm the answer', async () => {
    const offer = 'GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nUpgrade: other\r\n\r\n'
    expect(await last(`${offer}CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n`)).toEqual([
      ['HTTP/1.1 200', 'Connection: close'],
      ['GET /a'],
    ])
  })

  test('but an Expect without a body ends no connection', async () => {
    const expecting = 'GET /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n'
    const close = 'GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    expect(await last(expecting + close)).toEqual([
      ['HTTP/1.1 200', 'HTTP/1.1 200', 'Connection: close'],
      ['GET /a', 'GET /b'],
    ])
  })
})
