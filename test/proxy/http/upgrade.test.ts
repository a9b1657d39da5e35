import { describe, expect, test } from 'vitest'
import { protocolAsked } from '../../../proxy/http/upgrade.ts'
import { answerOf, GET } from '../../support/asking.ts'
import { RawClient } from '../../support/raw-client.ts'
import { OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { ACCEPTED, HANDSHAKE, handshake, switching } from '../../support/upgrading.ts'

const scene = useScene()

describe('RFC 9110 7.8 and RFC 6455 4.2.1: who may ask for another protocol', () => {
  const ask = (fields: string[], method = 'GET', version = '1.1'): string | undefined =>
    protocolAsked({ method, version, fields }, ['websocket', 'irc'])

  test.each([
    ['websocket', ['Connection', 'Upgrade', 'Upgrade', 'websocket']],
    ['WebSocket', ['connection', 'keep-alive, UPGRADE', 'upgrade', 'WebSocket']],
    ['irc/6.9', ['Connection', 'upgrade', 'Upgrade', 'h2c, irc/6.9, websocket']],
    ['irc', ['Connection', 'close', 'Connection', 'upgrade', 'Upgrade', 'x', 'Upgrade', 'irc']],
    ['websocket', ['Connection', 'upgrade', 'Upgrade', 'websocket', 'Content-Length', '0']],
  ])('%s is asked for by %j', (protocol, fields) => {
    expect(ask(fields)).toBe(protocol)
  })

  test.each([
    ['no Connection: upgrade', ['Upgrade', 'websocket']],
    ['another option', ['Connection', 'x-upgrade', 'Upgrade', 'websocket']],
    ['no Upgrade', ['Connection', 'upgrade']],
    ['nothing that is allowed', ['Connection', 'upgrade', 'Upgrade', 'h2c, websocket2']],
    ['a body', ['Connection', 'upgrade', 'Upgrade', 'websocket', 'Content-Length', '1']],
    ['chunks', ['Connection', 'upgrade', 'Upgrade', 'websocket', 'Transfer-Encoding', 'chunked']],
  ])('a request does not with %s', (_what, fields) => {
    expect(ask(fields)).toBeUndefined()
  })

  test('HTTP/1.0 cannot ask, and WebSocket is asked for by GET alone', () => {
    const fields = ['Connection', 'upgrade', 'Upgrade', 'websocket']
    expect(ask(fields, 'GET', '1.0')).toBeUndefined()
    expect(ask(fields, 'POST')).toBeUndefined()
    expect(ask(['Connection', 'upgrade', 'Upgrade', 'irc'], 'POST')).toBe('irc')
    expect(protocolAsked({ method: 'GET', version: '1.1', fields }, [])).toBeUndefined()
  })
})

describe('proxy-behaviour 4: upgrades pass', () => {
  test('the handshake goes through untouched, less what concerns one connection; so does the 101', async () => {
    const { proxy, backend } = await scene.pair({}, switching())
    const client = await RawClient.connect(proxy.port)
    client.send(
      handshake('/chat?x=%2f', 'Sec-WebSocket-Extensions: a; b=1\r\nKeep-Alive: 5\r\nCookie: c=d'),
    )
    await client.receive('\r\n\r\n')
    const [head] = backend.text.split('\r\n\r\n')
    expect(head).toMatch(/^GET \/chat\?x=%2f HTTP\/1\.1\r\n/)
    for (const line of [
      'Host: a',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Extensions: a; b=1',
      'Cookie: c=d',
      'connection: upgrade',
      'upgrade: websocket',
    ])
      expect(head.toLowerCase().split('\r\n')).toContain(line.toLowerCase())
    expect(head).not.toMatch(/keep-alive/i)
    const answer = client.text.split('\r\n')
    expect(answer[0]).toBe('HTTP/1.1 101 Switching Protocols')
    for (const line of [
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      'Connection: Upgrade',
      'Upgrade: websocket',
    ])
      expect(answer.filter((each) => each === line)).toHaveLength(1)
    expect(client.text).not.toMatch(/content-length|transfer-encoding|keep-alive/i)
    client.leave()
  })

  test('a length in a 101 does not go on: there is no body', async () => {
    const { proxy } = await scene.pair({}, ({ socket }) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nContent-Length: 5\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      )
    })
    const client = await RawClient.connect(proxy.port)
    client.send(handshake('/'))
    await client.receive('\r\n\r\n')
    expect(client.text).toMatch(/^HTTP\/1\.1 101 /)
    expect(client.text).not.toMatch(/content-length/i)
    client.leave()
  })

  test('what the backend sends with its 101, and after it, comes in order', async () => {
    const { proxy, backend } = await scene.pair({}, ({ socket, text }) => {
      if (text.endsWith('\r\n\r\n')) socket.write(`${ACCEPTED}HTTP/1.1 100 not a head`)
    })
    const client = await RawClient.connect(proxy.port)
    client.send(HANDSHAKE)
    await client.receive('not a head')
    // It is not taken for one, now or when the pool uses its client again.
    const other = await RawClient.connect(proxy.port)
    other.send(GET)
    await backend.until(() => backend.connections.length === 2)
    backend.connections[0].socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')
    await client.receive('200 OK\r\n\r\n')
    expect(client.text.split('\r\n\r\n').slice(1).join('|')).toBe(
      'HTTP/1.1 100 not a headHTTP/1.1 100 Continue|HTTP/1.1 200 OK|',
    )
    client.leave()
    other.leave()
  })

  test('what the client sends before the 101 waits for it', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(`${HANDSHAKE}early`)
    await backend.until(() => backend.text !== '')
    client.send(' bird')
    await new Promise((resolve) => setImmediate(resolve))
    expect(backend.text).toMatch(/\r\n\r\n$/)
    backend.connections[0].socket.write(ACCEPTED)
    await backend.until(() => backend.text.endsWith('\r\n\r\nearly bird'))
    expect(proxy.inflight).toBe(1)
    client.leave()
  })

  test('it never reaches a backend that does not change: the answer is passed on, and the connection ends', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(`${HANDSHAKE}POST /smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`)
    await backend.until(() => backend.text !== '')
    backend.connections[0].socket.write(
      'HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 7\r\nContent-Length: 2\r\n\r\nno',
    )
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n[^]*\r\n\r\nno$/)
    expect(client.text).toContain('Sec-WebSocket-Version: 7')
    expect(client.text).toMatch(/\r\nConnection: close\r\n/i)
    expect(backend.text).not.toContain('smuggled')
    expect(proxy.inflight).toBe(0)
  })

  test.each([200, 403, 503])(
    'an answer of %i is passed on whole, chunks and all',
    async (status) => {
      const big = 'x'.repeat(300_000)
      const { proxy } = await scene.pair({}, ({ socket }) => {
        socket.write(`HTTP/1.1 ${status} So\r\nTransfer-Encoding: chunked\r\n\r\n`)
        socket.write(`${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`)
      })
      const client = await RawClient.connect(proxy.port)
      client.send(HANDSHAKE)
      await client.untilClosed()
      expect(client.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} So\r\n`))
      expect(client.text.match(/x/g)!.length).toBeGreaterThanOrEqual(big.length)
      expect(client.text).toMatch(/\r\n0\r\n\r\n$/)
      expect(proxy.inflight).toBe(0)
    },
  )

  test.each([
    ['another protocol', 'Connection: Upgrade\r\nUpgrade: irc\r\n'],
    ['two', 'Connection: Upgrade\r\nUpgrade: websocket, irc\r\n'],
    ['none', 'Connection: Upgrade\r\n'],
    ['no Connection: upgrade', 'Upgrade: websocket\r\n'],
  ])('a 101 with %s is 502', async (_what, fields) => {
    const { proxy, backend } = await scene.pair({}, ({ socket }) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\nHTTP/1.1 200 OK\r\n\r\n`)
    })
    const client = await RawClient.connect(proxy.port)
    client.send(HANDSHAKE)
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1\.1 502 [^]*"upstream_invalid"/)
    expect(client.text.match(/HTTP\/1\.1/g)).toHaveLength(1)
    await backend.until(() => backend.connections.every(({ socket }) => socket.destroyed))
    expect(proxy.inflight).toBe(0)
  })

  test.each([
    ['with', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'],
    ['without', ''],
  ])('a 101 that nobody asked for, %s its fields, is 502', async (_what, fields) => {
    const { proxy } = await scene.pair({}, ({ socket }) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n${answerOf(200)}`)
    })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    expect(await client.receive('}\n')).toMatch(/^HTTP\/1\.1 502 /)
    client.leave()
  })

  test('requests that were sent before it are answered first, however slowly their answers are read', async () => {
    const size = 4_000_000
    const { proxy } = await scene.pair({}, ({ socket, text }, chunk) => {
      if (text.includes('upgrade: websocket')) {
        socket.write(text.endsWith('\r\n\r\n') ? ACCEPTED : chunk.toString().toUpperCase())
      } else if (!text.includes('POST')) socket.write(OK)
      else if (text.endsWith('.')) {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${'y'.repeat(size)}`)
      }
    })
    const client = await RawClient.connect(proxy.port)
    client.socket.pause()
    const post = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n${'b'.repeat(199_999)}.`
    client.send(`${GET.replace('/', '/1')}${post}${HANDSHAKE}tunnelled`)
    while (proxy.inflight === 0) await new Promise((resolve) => setImmediate(resolve))
    client.socket.resume()
    await client.receive('TUNNELLED')
    const heads = [...client.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)
    expect(heads).toEqual(['200', '200', '101'])
    expect(client.text.match(/y/g)!.length).toBeGreaterThanOrEqual(size)
    client.leave()
  })
})

describe('proxy-behaviour 8: only the upgrades that are configured may open a tunnel', () => {
  test('others are plain requests: nothing of the wish reaches a backend', async () => {
    const { proxy, backend } = await scene.pair({ upgrades: [] })
    expect(await RawClient.exchange(proxy.port, HANDSHAKE)).toMatch(/^HTTP\/1\.1 200 OK[^]*ok$/)
    expect(backend.text).not.toMatch(/upgrade/i)
  })

  test('by name, and the wish for others beside it ends here', async () => {
    const { proxy, backend } = await scene.pair({ upgrades: ['chat'] }, switching('Chat/2'))
    const client = await RawClient.connect(proxy.port)
    client.send(
      'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'
        .replace('*', '/x')
        .replace(
          '\r\n\r\n',
          '\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AA\r\nUpgrade: h2c, CHAT/1.5\r\n\r\n',
        ),
    )
    await client.receive('Upgrade: Chat/2')
    expect(backend.text).toContain('upgrade: CHAT/1.5\r\n')
    expect(backend.text).not.toMatch(/h2c|http2-settings/i)
    client.leave()
  })

  test('with a body it is a plain request', async () => {
    const { proxy, backend } = await scene.pair()
    const request = HANDSHAKE.replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\nhi')
    expect(await RawClient.exchange(proxy.port, request)).toMatch(/^HTTP\/1\.1 200 [^]*ok$/)
    expect(backend.text).toMatch(/\r\n\r\nhi$/)
    expect(backend.text).not.toMatch(/upgrade/i)
  })

  test('a bad head is refused like any other', async () => {
    const { proxy, backend } = await scene.pair()
    const answer = await RawClient.exchange(proxy.port, HANDSHAKE.replace('Host: a', 'Host: a b'))
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*bad_request/)
    expect(backend.text).toBe('')
  })
})
