import { describe, expect, test } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { overTheWire, understanding } from '../../support/wire.ts'

/** RFC 9112, section 9, over raw sockets: how long connections last. Each title says the section and what it demands. */
const scene = useScene()

const get = (path: string, fields = '', version = '1.1'): string =>
  `GET ${path} HTTP/${version}\r\nHost: a\r\n${fields}\r\n`
const CLOSE = 'Connection: close\r\n'
const targets = (requests: readonly { target: string }[]): string[] =>
  requests.map(({ target }) => target)

describe('RFC 9112, 9.3: persistence', () => {
  test('an HTTP/1.1 connection persists', async () => {
    const { requests } = await overTheWire(scene, get('/a') + get('/b') + get('/c', CLOSE))
    expect(targets(requests)).toEqual(['/a', '/b', '/c'])
  })

  test('close ends it, in any spelling and among others', async () => {
    for (const option of ['close', 'CLOSE', 'x-a, Close', 'keep-alive, close']) {
      const { got, requests } = await overTheWire(
        scene,
        get('/a', `Connection: ${option}\r\n`) + get('/b'),
      )
      expect(targets(requests)).toEqual(['/a'])
      expect(got).toMatch(/\r\nConnection: close\r\n/)
    }
  })

  test('an HTTP/1.0 connection ends after its answer', async () => {
    const { got, requests } = await overTheWire(scene, get('/a', '', '1.0') + get('/b', '', '1.0'))
    expect(targets(requests)).toEqual(['/a'])
    expect(got).toMatch(/\r\nConnection: close\r\n/)
  })

  test('unless it asks to be kept, and is told so', async () => {
    const { got, requests } = await overTheWire(
      scene,
      get('/a', 'Connection: keep-alive\r\n', '1.0') + get('/b', '', '1.0'),
    )
    expect(targets(requests)).toEqual(['/a', '/b'])
    expect(got).toMatch(/^HTTP\/1\.1 200 [^]*?\r\nConnection: keep-alive\r\n/)
  })

  test('a body that nobody read MUST be read or the connection closed', async () => {
    const { backend, proxy } = await scene.pair({}, ({ socket }) => socket.write(OK))
    const client = await RawClient.connect(proxy.port)
    client.send('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx')
    await client.receive('\r\n\r\nok')
    client.send(get('/b'))
    await client.untilClosed()
    expect(client.text).toMatch(/\r\nConnection: close\r\n/)
    expect(backend.text).not.toContain('GET /b')
  })

  test('the connection to a backend is not that of the client: it is kept where the client closes', async () => {
    const { backend, proxy } = await scene.pair({}, understanding(OK))
    for (let i = 0; i < 3; i++) await RawClient.exchange(proxy.port, get('/', CLOSE))
    expect(backend.connections).toHaveLength(1)
    expect(backend.text).not.toMatch(/connection: close/i)
  })

  test('a backend that says close is not asked again on that connection', async () => {
    const answer = OK.replace('\r\n', `\r\n${CLOSE}`)
    const { backend, proxy } = await scene.pair({}, understanding(answer))
    const got = await RawClient.exchange(proxy.port, get('/a') + get('/b', CLOSE))
    expect(got.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
    expect(backend.connections).toHaveLength(2)
  })
})

describe('RFC 9112, 9.3.1: requests that are tried again', () => {
  test('a kept connection that closes under a request: GET is tried again by itself, POST MUST NOT be', async () => {
    const fickle = await scene.backend(({ socket, text }) => {
      if (text.split('\r\n\r\n').length > 2) socket.destroy()
      else socket.write(OK)
    })
    const proxy = await scene.proxy({ servers: [fickle.url] })
    const post = `POST /post HTTP/1.1\r\nHost: a\r\n${CLOSE}Content-Length: 0\r\n\r\n`
    expect(await RawClient.exchange(proxy.port, get('/a') + get('/b', CLOSE))).not.toContain('502')
    expect(await RawClient.exchange(proxy.port, post)).toMatch(/^HTTP\/1\.1 502 /)
    expect(fickle.text.match(/POST \/post/g)).toHaveLength(1)
  })
})

describe('RFC 9112, 9.3.2: pipelining', () => {
  test('answers MUST come in the order of the requests', async () => {
    const { proxy } = await scene.pair({}, ({ socket }, chunk) => {
      const path = /^GET (\S+)/.exec(chunk.toString('latin1'))![1]
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`)
    })
    const got = await RawClient.exchange(proxy.port, get('/1') + get('/2') + get('/3', CLOSE))
    expect(got.match(/\r\n\r\n\/\d/g)).toEqual(['\r\n\r\n/1', '\r\n\r\n/2', '\r\n\r\n/3'])
  })

  test('what is good is answered before what is bad, and nothing behind that', async () => {
    const { got, requests } = await overTheWire(
      scene,
      `${get('/a')}${get('/b', 'X : y\r\n')}${get('/c')}`,
    )
    expect(targets(requests)).toEqual(['/a'])
    expect(got.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
  })
})

describe('RFC 9112, 9.5: a server MAY close, and a client has to know', () => {
  test('the end of an answer that is cut is no end of a message', async () => {
    const { proxy } = await scene.pair({}, ({ socket }) => {
      socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n')
    })
    const got = await RawClient.exchange(proxy.port, get('/'))
    expect(got).not.toMatch(/\r\n0\r\n\r\n$/)
  })

  test('a client that closes its half has left (DECISIONS 17)', async () => {
    const { backend, proxy } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(get('/'))
    await backend.until(() => backend.text !== '')
    client.socket.end()
    await backend.until(() => backend.connections[0].socket.destroyed)
    expect(proxy.inflight).toBe(0)
    client.leave()
  })
})

describe('RFC 9112, 9.6: tear-down', () => {
  test('no request behind close MUST be processed', async () => {
    const { requests } = await overTheWire(scene, get('/a', CLOSE) + get('/b').repeat(20))
    expect(targets(requests)).toEqual(['/a'])
  })

  test('the proxy closes its half first and reads on, so that its last answer is not lost to a reset', async () => {
    const { proxy } = await scene.pair({}, ({ socket }) => socket.write(OK))
    const client = await RawClient.connect(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx')
    await client.receive('\r\n\r\nok')
    let failed: Error | undefined
    client.socket.on('error', (error) => (failed = error))
    client.send('x'.repeat(500_000))
    await client.untilClosed()
    expect(failed).toBeUndefined()
    expect(client.text.endsWith('\r\n\r\nok')).toBe(true)
  })
})
