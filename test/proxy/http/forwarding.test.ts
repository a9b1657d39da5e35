import { describe, expect, test } from 'vitest'
import type { TestSettings } from '../../support/proxy.ts'
import { useScene } from '../../support/scene.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK } from '../../support/recording-backend.ts'

const scene = useScene()

/** The fields that reached the backend, names in small letters. */
function fieldsOf(text: string): [string, string][] {
  const head = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n').slice(1)
  return head.map((line) => {
    const colon = line.indexOf(': ')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)]
  })
}

async function forwarded(request: string, settings: Partial<TestSettings> = {}): Promise<string> {
  const { proxy, backend } = await scene.pair(settings)
  const client = await RawClient.connect(proxy.port)
  client.send(request)
  await client.until(() => client.text.includes('\r\n\r\nok') || client.closed)
  client.leave()
  return backend.text
}

describe('section 4: the request line', () => {
  test.each([
    '/a/../b//c/%2e%2E/?q=%20&x=a+b',
    '//host/x',
    '/\\backslash',
    '/%00%ff',
    '/;a=b,c|d{e}^`"<>',
    '/?',
  ])('the target %s goes through byte for byte', async (target) => {
    expect(await forwarded(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)).toMatch(
      new RegExp(`^GET ${target.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} HTTP/1\\.1\r\n`),
    )
  })

  test.each([
    ['http://other:81/x?y', '/x?y', 'other:81'],
    ['HTTP://other', '/', 'other'],
    ['https://other?q', '/?q', 'other'],
    ['http://[::1]:80/', '/', '[::1]:80'],
  ])(
    'the absolute form %s becomes %s, and its authority replaces Host',
    async (target, path, host) => {
      const text = await forwarded(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
      expect(text.startsWith(`GET ${path} HTTP/1.1\r\n`)).toBe(true)
      expect(fieldsOf(text).filter(([name]) => name === 'host')).toEqual([['host', host]])
    },
  )
})

describe('section 4: request fields', () => {
  test('keep their order, spelling, repeats and bytes beyond ASCII', async () => {
    const text = await forwarded(
      'GET / HTTP/1.1\r\nX-One: 1\r\nHost: a\r\nx-TWO: \xe9\r\nX-One: again\r\n\r\n',
    )
    expect(text).toMatch(/\r\nX-One: 1\r\nx-TWO: \xe9\r\nX-One: again\r\n/)
  })

  test('that concern one connection are removed, and so is whatever Connection names', async () => {
    const text = await forwarded(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Secret ,x-other\r\nKeep-Alive: timeout=5\r\n' +
        'Proxy-Connection: keep-alive\r\nTE: trailers\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\nProxy-Authorization: Basic x\r\n' +
        'X-Secret: 1\r\nX-Other: 2\r\nX-Kept: 3\r\n\r\n',
    )
    const names = fieldsOf(text).map(([name]) => name)
    for (const gone of [
      'keep-alive',
      'proxy-connection',
      'te',
      'upgrade',
      'http2-settings',
      'x-secret',
      'x-other',
      'proxy-authorization',
    ]) {
      expect(names).not.toContain(gone)
    }
    expect(names).toContain('x-kept')
    expect(fieldsOf(text).filter(([name]) => name === 'connection')).toEqual([
      ['connection', 'keep-alive'],
    ])
  })

  test('section 8: naming our own fields, Host or Content-Length in Connection removes none of them', async () => {
    const text = await forwarded(
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: X-Forwarded-For, X-Forwarded-Proto, Via, Host, Content-Length, X-Request-Id\r\n' +
        'Content-Length: 0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n',
    )
    const fields = new Map(fieldsOf(text))
    expect(fields.get('x-forwarded-for')).toBe('127.0.0.1')
    expect(fields.get('x-forwarded-proto')).toBe('http')
    expect(fields.get('via')).toBe('1.1 evenkeel')
    expect(fields.get('host')).toBe('a')
    expect(fields.get('content-length')).toBe('0')
    expect(fields.get('x-request-id')).toBeDefined()
  })

  const story =
    'X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop\r\nForwarded: for=6.6.6.6\r\n'

  test("a stranger's story of who the client is, is ignored", async () => {
    const fields = fieldsOf(await forwarded(`GET / HTTP/1.1\r\nHost: a\r\n${story}\r\n`))
    expect(fields.filter(([name]) => /forwarded/.test(name))).toEqual([
      ['x-forwarded-for', '127.0.0.1'],
      ['x-forwarded-proto', 'http'],
      ['x-forwarded-host', 'a'],
    ])
  })

  test('a trusted proxy is believed and appended to', async () => {
    const fields = fieldsOf(
      await forwarded(`GET / HTTP/1.1\r\nHost: a\r\n${story}\r\n`, {
        trustedProxies: ['10.0.0.0/8', '127.0.0.1'],
      }),
    )
    expect(fields.filter(([name]) => /forwarded/.test(name))).toEqual([
      ['x-forwarded-for', '6.6.6.6, 127.0.0.1'],
      ['x-forwarded-proto', 'https'],
      ['x-forwarded-host', 'shop'],
      ['forwarded', 'for=6.6.6.6, for=127.0.0.1;proto=http;host="a"'],
    ])
  })

  test('a request id is kept where there is one, and made where there is none', async () => {
    const kept = fieldsOf(
      await forwarded('GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n'),
    )
    expect(kept.filter(([name]) => name === 'x-request-id')).toEqual([['x-request-id', 'mine']])
    const made = new Map(fieldsOf(await forwarded('GET / HTTP/1.1\r\nHost: a\r\n\r\n')))
    expect(made.get('x-request-id')).toMatch(/^[0-9a-f]{8}-/)
    const empty = fieldsOf(await forwarded('GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id:\r\n\r\n'))
    const ids = empty.filter(([name]) => name === 'x-request-id')
    expect(ids).toEqual([['x-request-id', expect.stringMatching(/^[0-9a-f]{8}-/)]])
  })

  test('an id is kept even where Connection names it: the access log goes by it', async () => {
    const text = await forwarded(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Request-Id\r\nX-Request-Id: mine\r\n\r\n',
    )
    expect(new Map(fieldsOf(text)).get('x-request-id')).toBe('mine')
  })

  test('an absolute form that names the eyes of the proxy is answered by them', async () => {
    const { proxy, backend } = await scene.pair()
    const text = await RawClient.exchange(
      proxy.port,
      'GET http://a/lb/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 200 [^]*"ok"/)
    expect(backend.text).toBe('')
  })

  test('an h2c upgrade gets a plain answer', async () => {
    const { proxy } = await scene.pair()
    const client = await RawClient.connect(proxy.port)
    client.send(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n',
    )
    expect(await client.receive('\r\n\r\nok')).toMatch(/^HTTP\/1\.1 200 OK/)
    client.leave()
  })
})

describe('section 4: answers', () => {
  async function answerTo(request: string, response: string): Promise<string> {
    const { proxy, backend } = await scene.pair({}, answering(response))
    const client = await RawClient.connect(proxy.port)
    client.send(request)
    await client.receive('\r\n\r\n')
    backend.behaviour = answering(OK)
    client.send('GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await client.untilClosed()
    return client.text
  }
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

  test('keep status, reason, order, spelling, repeats and bytes; lose what concerns one connection', async () => {
    const text = await answerTo(
      get,
      'HTTP/1.1 299 Quite Fine\r\nX-b: \xe9\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nKeep-Alive: timeout=9\r\n' +
        'Connection: keep-alive, X-Gone\r\nX-Gone: 1\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nok',
    )
    expect(text).toMatch(
      /^HTTP\/1\.1 299 Quite Fine\r\nX-b: \xe9\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 2\r\nVia: 1\.1 evenkeel\r\n/,
    )
    expect(text).not.toMatch(/X-Gone|timeout=9/)
  })

  test.each([
    [
      'HEAD',
      'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n',
    ],
    ['204', get, 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['304', get, 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 500\r\n\r\n'],
  ])('%s has no body, and the connection goes on', async (_name, request, response) => {
    const text = await answerTo(request, response)
    expect(text.match(/^HTTP\/1\.1 /gm)).toHaveLength(2)
    if (response.includes('500')) expect(text).toContain('Content-Length: 500\r\n')
  })

  test('chunks of unknown number go through with their trailers', async () => {
    const text = await answerTo(
      get,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 11\r\n\r\n',
    )
    expect(text).toMatch(/Transfer-Encoding: chunked/i)
    expect(text).toMatch(/hello[^]* world[^]*\r\n0\r\nX-Sum: 11\r\n\r\n/)
  })

  test('an answer that ends with its connection reaches the client whole', async () => {
    const { proxy } = await scene.pair({}, ({ socket, text }) => {
      if (text.endsWith('\r\n\r\n')) socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end')
    })
    const client = await RawClient.connect(proxy.port)
    client.send(get)
    expect(await client.receive('until the end')).toMatch(/\r\n0\r\n\r\n$|until the end/)
    await client.receive('\r\n0\r\n\r\n')
    client.leave()
  })

  test('103 is passed on before the final answer', async () => {
    const text = await answerTo(
      get,
      `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${OK}`,
    )
    expect(text).toMatch(
      /^HTTP\/1\.1 103 [^\r]*\r\nLink: <\/a\.css>; rel=preload\r\n[^]*HTTP\/1\.1 200 OK/,
    )
  })

  test('a head without a body yet is passed on at once', async () => {
    const { proxy } = await scene.pair({}, ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n')
    })
    const client = await RawClient.connect(proxy.port)
    client.send(get)
    expect(await client.receive('\r\n\r\n')).toMatch(/text\/event-stream/)
    client.leave()
  })

  test('an HTTP/1.0 client gets an answer that ends with the connection', async () => {
    const { proxy } = await scene.pair(
      {},
      answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'),
    )
    const text = await RawClient.exchange(proxy.port, 'GET / HTTP/1.0\r\n\r\n')
    expect(text).not.toMatch(/chunked/i)
    expect(text).toMatch(/\r\n\r\nok$/)
  })
})

describe('section 8: Expect', () => {
  test('100-continue is answered by the proxy when a server has been found, and is not forwarded', async () => {
    const { proxy, backend } = await scene.pair({}, ({ socket, text }) => {
      if (text.endsWith('hello')) socket.write(OK)
    })
    const client = await RawClient.connect(proxy.port)
    client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n')
    await client.receive('HTTP/1.1 100 Continue\r\n\r\n')
    client.send('hello')
    await client.receive('HTTP/1.1 200 OK')
    expect(backend.text).not.toMatch(/expect/i)
    client.leave()
  })

  test.each(['100-continue', 'anything'])(
    'an HTTP/1.0 client that expects %s gets no 100',
    async (expectation) => {
      const { proxy } = await scene.pair({}, ({ socket, text }) => {
        if (text.endsWith('hello')) socket.write(OK)
      })
      const text = await RawClient.exchange(
        proxy.port,
        `POST / HTTP/1.0\r\nExpect: ${expectation}\r\nContent-Length: 5\r\n\r\nhello`,
      )
      expect(text).toMatch(/^HTTP\/1\.1 200 /)
    },
  )

  test('no server: the final answer comes instead of 100', async () => {
    const { proxy } = await scene.pair()
    proxy.proxy.balancer.setHealthy(proxy.proxy.balancer.servers[0], false, 'test')
    const text = await RawClient.exchange(
      proxy.port,
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 503 /)
    expect(text).toMatch(/\r\nRetry-After: \d+\r\n/)
  })
})
