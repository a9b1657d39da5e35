import { describe, expect, test } from 'vitest'
import type { TestProxy } from '../../support/proxy.ts'
import { useScene } from '../../support/scene.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, type Behaviour, OK } from '../../support/recording-backend.ts'

const scene = useScene()

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello'

/** One request on its own connection; the answer as far as it came. */
async function ask(proxy: TestProxy, request = GET): Promise<string> {
  const client = await RawClient.connect(proxy.port)
  client.send(request)
  await client.until(() => /\r\n\r\n[^]*(ok|\}\n)$/.test(client.text) || client.closed)
  client.leave()
  return client.text
}

const dies: Behaviour = ({ socket }) => socket.destroy()
const halfHead: Behaviour = ({ socket }) => socket.end('HTTP/1.1 200 O')
const resets: Behaviour = ({ socket }) => socket.resetAndDestroy()

describe('a backend that cannot be reached', () => {
  test('costs no client an error: any method goes to another server with its whole body', async () => {
    const good = await scene.backend(({ socket, text }) => {
      if (text.endsWith('hello')) socket.write(OK)
    })
    const proxy = await scene.proxy({ servers: [await scene.deadUrl(), good.url] })
    for (let i = 0; i < 10; i++) expect(await ask(proxy, POST)).toMatch(/^HTTP\/1\.1 200 /)
    expect(good.text.match(/POST \//g)).toHaveLength(10)
    expect(proxy.inflight).toBe(0)
    expect(Object.keys(proxy.proxy.counters.retries)).toEqual(['refused'])
  })

  test('with a body larger than what is kept, too: nothing of it was read before', async () => {
    const size = 1_000_000
    const good = await scene.backend(({ socket, text }) => {
      if (text.length >= size + text.indexOf('\r\n\r\n') + 4) socket.write(OK)
    })
    const proxy = await scene.proxy({ servers: [await scene.deadUrl(), good.url] })
    const big = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`
    for (let i = 0; i < 2; i++) expect(await ask(proxy, big)).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('and is the only one: 502 with a fixed word and no address', async () => {
    const url = await scene.deadUrl()
    const text = await ask(await scene.proxy({ servers: [url] }))
    expect(text).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/)
    expect(text).toMatch(/"error":"upstream_unreachable"/)
    expect(text).not.toContain(url.slice(-5))
  })

  test('a browser gets the same as a page', async () => {
    const text = await RawClient.exchange(
      (await scene.proxy({ servers: [await scene.deadUrl()] })).port,
      'GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html,application/json\r\nConnection: close\r\n\r\n',
    )
    expect(text).toMatch(/Content-Type: text\/html/)
    expect(text).toMatch(/<code>upstream_unreachable<\/code>/)
  })

  test('retries end where the budget ends', async () => {
    const dead = await scene.deadUrl()
    const proxy = await scene.proxy({
      servers: [dead, dead],
      retries: { budget: 0, minPerSecond: 0 },
    })
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 502 /)
    expect(proxy.proxy.counters.retries).toEqual({})
  })
})

describe('a backend that breaks off before its answer', () => {
  test.each([
    ['closes', dies],
    ['resets', resets],
    ['dies within the head', halfHead],
  ])('and %s: GET is tried on another server', async (_name, behaviour) => {
    const bad = await scene.backend(behaviour)
    const good = await scene.backend()
    const proxy = await scene.proxy({ servers: [bad.url, good.url] })
    for (let i = 0; i < 6; i++) expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
    expect(bad.connections.length).toBeGreaterThan(0)
    expect(proxy.inflight).toBe(0)
  })

  test('a POST whose bytes left gets exactly one try', async () => {
    const bad = await scene.backend(dies)
    const proxy = await scene.proxy({
      servers: [bad.url, bad.url.replace('127.0.0.1', 'localhost')],
    })
    expect(await ask(proxy, POST)).toMatch(/^HTTP\/1\.1 502 [^]*upstream_reset/)
    expect(bad.text.match(/POST \//g)).toHaveLength(1)
  })

  test('as a kept-alive connection: one free retry for GET, none for POST', async () => {
    // Serves one request on each connection and dies at the second.
    const fickle = await scene.backend(({ socket, text }) => {
      if (text.split('\r\n\r\n').length > 2) socket.destroy()
      else socket.write(OK)
    })
    const proxy = await scene.proxy({
      servers: [fickle.url],
      retries: { budget: 0, minPerSecond: 0 },
    })
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
    expect(proxy.proxy.counters.retries).toEqual({ stale_connection: 1 })
    const other = await scene.proxy({ servers: [fickle.url] })
    expect(await ask(other)).toMatch(/^HTTP\/1\.1 200 /)
    const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'
    expect(await ask(other, post)).toMatch(/^HTTP\/1\.1 502 /)
    expect(fickle.text.match(/POST \//g)).toHaveLength(1)
  })
})

describe('a backend that answers nonsense', () => {
  test.each([
    ['a bad status line', 'HTTQ/1.1 200 OK\r\n\r\n'],
    ['no status', 'hello\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['a bad name', 'HTTP/1.1 200 OK\r\nA b: c\r\nContent-Length: 2\r\n\r\nok'],
    ['a control byte', 'HTTP/1.1 200 OK\r\nA: \x01\r\nContent-Length: 2\r\n\r\nok'],
  ])('%s: 502', async (_name, response) => {
    const bad = await scene.backend(answering(response))
    const proxy = await scene.proxy({ servers: [bad.url] })
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 502 [^]*upstream_invalid/)
    expect(proxy.inflight).toBe(0)
  })

  test.each([
    ['a body shorter than announced', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok'],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nzz\r\n'],
    [
      'an end without a last chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n',
    ],
  ])('%s after the head: the client is cut off, so that it can tell', async (_name, response) => {
    const bad = await scene.backend(({ socket }) => socket.end(response))
    const proxy = await scene.proxy({ servers: [bad.url] })
    const text = await RawClient.exchange(proxy.port, GET)
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(text.includes('HTTP/1.1 502') ? '502' : text.slice(0, 12)).toMatch(/502|HTTP\/1.1 200/)
    expect(proxy.inflight).toBe(0)
  })

  test('bytes beyond the announced length never answer the next request', async () => {
    const bad = await scene.backend(({ socket, text }) => {
      const first = text.split('\r\n\r\n').length === 2
      socket.write(first ? `${OK}HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled` : OK)
    })
    const proxy = await scene.proxy({ servers: [bad.url] })
    for (let i = 0; i < 3; i++) {
      const client = await RawClient.connect(proxy.port)
      client.send(GET)
      expect(await client.receive('\r\n\r\nok')).not.toMatch(/smuggled/)
      client.leave()
    }
  })
})

describe('a client that leaves', () => {
  test('before the answer: the attempt is aborted, the server not blamed, nothing stays in flight', async () => {
    const silent = await scene.backend(() => {})
    const proxy = await scene.proxy({ servers: [silent.url] })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await silent.until(() => silent.text !== '')
    expect(proxy.inflight).toBe(1)
    client.leave()
    await silent.until(() => silent.connections[0].socket.destroyed)
    expect(proxy.inflight).toBe(0)
    const total = proxy.proxy.series.total()
    expect(total.servers[0].attempts.outcomes).toMatchObject({ aborted: 1, error: 0, timeout: 0 })
    expect(total.requests.outcomes.aborted).toBe(1)
  })

  test('in the middle of its upload', async () => {
    const silent = await scene.backend(() => {})
    const proxy = await scene.proxy({ servers: [silent.url] })
    const client = await RawClient.connect(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nhe')
    await silent.until(() => silent.text.endsWith('he'))
    client.leave()
    await silent.until(() => silent.connections[0].socket.destroyed)
    expect(proxy.inflight).toBe(0)
    expect(proxy.proxy.series.total().requests.outcomes.aborted).toBe(1)
  })

  test('in the middle of the answer', async () => {
    const half = await scene.backend(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok')
    })
    const proxy = await scene.proxy({ servers: [half.url] })
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await client.receive('\r\n\r\nok')
    client.leave()
    await half.until(() => half.connections[0].socket.destroyed)
    expect(proxy.inflight).toBe(0)
  })
})

describe('an upload that is answered early', () => {
  test('gets its answer, and the connection ends', async () => {
    const hasty = await scene.backend(({ socket, text }) => {
      if (text.includes('\r\n\r\n') && text.length < 2000)
        socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno')
    })
    const proxy = await scene.proxy({ servers: [hasty.url] })
    const client = await RawClient.connect(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nhello')
    expect(await client.receive('\r\n\r\nno')).toMatch(
      /^HTTP\/1\.1 403 [^]*\r\nConnection: close\r\n/,
    )
    expect(proxy.inflight).toBe(0)
    client.leave()
  })
})

describe('limits', () => {
  test('every server full, and nobody may wait: 503 with Retry-After; room again: served', async () => {
    const slow = await scene.backend(() => {})
    const proxy = await scene.proxy({ servers: [{ url: slow.url, max: 1 }], queue: false })
    const first = await RawClient.connect(proxy.port)
    first.send(GET)
    await slow.until(() => slow.text !== '')
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n[^]*queue_full/)
    slow.connections[0].socket.write(OK)
    await first.receive('ok')
    slow.behaviour = answering(OK)
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 200 /)
    first.leave()
  })
})

describe('what the proxy counts as refused', () => {
  test('are its own answers to requests of which no server saw a byte', async () => {
    const { proxy } = await scene.pair()
    proxy.proxy.balancer.setHealthy(proxy.proxy.balancer.servers[0], false, 'test')
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 503 /)
    expect(proxy.proxy.counters.refused).toEqual({ no_server: 1 })
  })

  test('and not those to requests that one has begun to read', async () => {
    const bad = await scene.backend(dies)
    const proxy = await scene.proxy({ servers: [bad.url], retries: { attempts: 0 } })
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 502 /)
    expect(proxy.proxy.counters.refused).toEqual({})
  })
})
