import { describe, expect, test } from 'vitest'
import type { Field } from '../../support/hpack.ts'
import {
  data,
  END_STREAM,
  ENHANCE_YOUR_CALM,
  headers,
  PROTOCOL_ERROR,
  request,
} from '../../support/http2-frames.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const SECOND = 'GET /after HTTP/1.1'

/** Sends a request that should not get in, then a good one on the same connection. */
async function refused(fields: readonly Field[], settings = {}) {
  const { backend, front } = await scene.http2(settings)
  const client = await front.client()
  await client.heard() // Limits count from when the client has acknowledged them (RFC 9113, section 6.5.3).
  client.send(headers(1, fields), headers(3, request('/after')))
  const good = await client.reply(3)
  const { reset, status } = await client.reply(1)
  expect(good.status).toBe('200')
  expect(backend.text.startsWith(SECOND)).toBe(true)
  expect(backend.text.indexOf('HTTP/1.1', SECOND.length)).toBe(-1)
  return { reset, status }
}

describe('RFC 9113 8.3.1, pseudo-fields of a request', () => {
  test('become the request line and Host of HTTP/1.1; the path goes byte for byte', async () => {
    const { backend, front } = await scene.http2()
    const client = await front.client()
    const path = '//x/../%2e/a\\b?c=%00&d=\xe4\xff'
    client.send(headers(1, request(path, [['x-a', '1']])))
    expect((await client.reply(1)).status).toBe('200')
    expect(backend.text.startsWith(`GET ${path} HTTP/1.1\r\nhost: a\r\n`)).toBe(true)
    expect(backend.text).not.toMatch(/\r\n:/)
    expect(backend.text).toContain('\r\nx-a: 1\r\n')
  })

  test('Host stands in for an absent :authority, and may repeat it', async () => {
    const { backend, front } = await scene.http2()
    const client = await front.client()
    const [method, scheme, , path] = request()
    client.send(headers(1, [method, scheme, path, ['host', 'b.example']]))
    await client.reply(1)
    expect(backend.text).toContain('\r\nhost: b.example\r\n')
    client.send(headers(3, request('/', [['host', 'A']])))
    expect((await client.reply(3)).status).toBe('200')
    expect(backend.text.match(/^host: /gim)).toHaveLength(2)
  })

  test.each<[string, readonly Field[]]>([
    ['an :authority and another Host', request('/', [['host', 'b']])],
    ['an unknown method', request('/', [], 'BREW')],
    ['a method in lower case', request('/', [], 'get')],
    [
      'a scheme that is not http',
      [
        [':method', 'GET'],
        [':scheme', 'ftp'],
        [':authority', 'a'],
        [':path', '/'],
      ],
    ],
    ['a fragment', request('/a#b')],
    [
      'an :authority that is no host',
      [
        [':method', 'GET'],
        [':scheme', 'http'],
        [':authority', 'a:b:c'],
        [':path', '/'],
      ],
    ],
    [
      'two Hosts and no :authority',
      [
        [':method', 'GET'],
        [':scheme', 'http'],
        [':path', '/'],
        ['host', 'a'],
        ['host', 'b'],
      ],
    ],
    ['white space before a value', request('/', [['x-a', ' 1']])],
    ['white space behind a value', request('/', [['x-a', '1\t']])],
  ])('400 for %s', async (_what, fields) => {
    const { reset, status } = await refused(fields)
    // nghttp2 may have been faster.
    expect([status, reset]).toEqual(
      status === undefined ? [undefined, PROTOCOL_ERROR] : ['400', undefined],
    )
  })

  test.each<[string, readonly Field[]]>([
    ['no method', request().slice(1)],
    [
      'no scheme',
      [
        [':method', 'GET'],
        [':authority', 'a'],
        [':path', '/'],
      ],
    ],
    ['no path', request().slice(0, 3)],
    ['an empty path', request('')],
    ['a path without a slash', request('a/b')],
    ['an absolute URL as path', request('http://b/')],
    ['an asterisk for GET', request('*')],
    [
      'neither :authority nor Host',
      [
        [':method', 'GET'],
        [':scheme', 'http'],
        [':path', '/'],
      ],
    ],
    [
      'an empty :authority',
      [
        [':method', 'GET'],
        [':scheme', 'http'],
        [':authority', ''],
        [':path', '/'],
      ],
    ],
    [
      'a user in :authority',
      [
        [':method', 'GET'],
        [':scheme', 'http'],
        [':authority', 'u@a'],
        [':path', '/'],
      ],
    ],
    ['two methods', [...request(), [':method', 'GET']]],
    ['two paths', [[':path', '/x'], ...request()]],
    [
      'a pseudo-field behind a regular one',
      [
        [':method', 'GET'],
        ['x-a', '1'],
        [':scheme', 'http'],
        [':authority', 'a'],
        [':path', '/'],
      ],
    ],
    ['an unknown pseudo-field', [...request(), [':x', '1']]],
    ['a pseudo-field of answers', [...request(), [':status', '200']]],
    [
      'an extended CONNECT, which is not offered (RFC 8441)',
      [...request('/', [], 'CONNECT'), [':protocol', 'websocket']],
    ],
    ['a space in the path', request('/a b')],
    ['a second request in the path', request('/ HTTP/1.1\r\nHost: a\r\n\r\nGET /evil')],
    ['a NUL in the path', request('/\0')],
    [
      'a second request in the method',
      request('/', [], 'GET /evil HTTP/1.1\r\nHost: a\r\n\r\nGET'),
    ],
    [
      'a line in :authority',
      [
        [':method', 'GET'],
        [':scheme', 'http'],
        [':authority', 'a\r\nx-evil: 1'],
        [':path', '/'],
      ],
    ],
  ])('a stream error for %s', async (_what, fields) => {
    expect(await refused(fields)).toEqual({ reset: PROTOCOL_ERROR, status: undefined })
  })

  test('501 for CONNECT and for OPTIONS *', async () => {
    expect(
      (
        await refused([
          [':method', 'CONNECT'],
          [':authority', 'a:443'],
        ])
      ).status,
    ).toBe('501')
    expect((await refused(request('*', [], 'OPTIONS'))).status).toBe('501')
  })
})

describe('RFC 9113 8.2, fields of a request', () => {
  test.each<[string, Field]>([
    ['an upper-case name', ['X-A', '1']],
    ['Connection', ['connection', 'close']],
    ['Keep-Alive', ['keep-alive', 'timeout=5']],
    ['Proxy-Connection', ['proxy-connection', 'close']],
    ['Transfer-Encoding', ['transfer-encoding', 'chunked']],
    ['Upgrade', ['upgrade', 'websocket']],
    ['TE other than trailers', ['te', 'gzip']],
    ['a Content-Length with a sign', ['content-length', '+3']],
    ['a Content-Length that is a list', ['content-length', '0, 0']],
    ['a Content-Length without a body', ['content-length', '3']],
  ])('a stream error for %s', async (_what, field) => {
    expect(await refused(request('/', [field]))).toEqual({
      reset: PROTOCOL_ERROR,
      status: undefined,
    })
  })

  test('TE: trailers is no error, and ends here', async () => {
    const { backend, front } = await scene.http2()
    const client = await front.client()
    client.send(headers(1, request('/', [['te', 'trailers']])))
    expect((await client.reply(1)).status).toBe('200')
    expect(backend.text.toLowerCase()).not.toContain('\r\nte:')
  })

  test.each<[string, Field]>([
    ['a line in a value', ['x-a', '1\r\nx-evil: 1']],
    ['a line feed in a value', ['x-a', '1\nx-evil: 1']],
    ['a NUL in a value', ['x-evil', '1\0']],
    ['a control byte in a value', ['x-evil', '\x01']],
    ['a DEL in a value', ['x-evil', 'a\x7fb']],
    ['a line in a name', ['x-a: 1\r\nx-evil', '1']],
    ['a colon in a name', ['x-evil:', '1']],
    ['a space in a name', ['x-evil ', '1']],
    ['a NUL in a name', ['x-evil\0', '1']],
    ['an empty name', ['', 'x-evil']],
    ['transfer-encoding behind a space', [' transfer-encoding', 'x-evil']],
  ])('nothing of %s reaches a backend', async (_what, field) => {
    // nghttp2 calls such a field invalid, and node:http2 then drops it: the request goes on without it.
    const { backend, front } = await scene.http2()
    const client = await front.client()
    client.send(headers(1, request('/', [field, ['x-good', '1']])))
    await client.reply(1)
    expect(backend.text).not.toContain('evil')
    expect(backend.text.match(/\r\n\r\n/g)).toHaveLength(1)
    expect(backend.text).toContain('\r\nx-good: 1\r\n')
  })

  test('crumbs of a cookie are put together (8.2.3)', async () => {
    const { backend, front } = await scene.http2()
    const client = await front.client()
    client.send(
      headers(
        1,
        request('/', [
          ['cookie', 'a=1'],
          ['x-a', '2'],
          ['cookie', 'b=3; c=4'],
          ['cookie', 'd=5'],
        ]),
      ),
    )
    await client.reply(1)
    expect(backend.text).toContain('\r\ncookie: a=1; b=3; c=4; d=5\r\n')
    expect(backend.text.match(/cookie/g)).toHaveLength(1)
  })

  test('a head over the limits gets 431, a target 414, and one far over them ends its stream', async () => {
    expect((await refused(request(`/${'a'.repeat(8192)}`))).status).toBe('414')
    const limits = { headSize: 1024 }
    const large = (size: number): Field[] => request('/', [['x-a', 'a'.repeat(size)]])
    expect((await refused(large(2000), { limits })).status).toBe('431')
    expect(await refused(large(16_000), { limits })).toMatchObject({ reset: ENHANCE_YOUR_CALM })
    const many = Array.from({ length: 101 }, (_, i): Field => [`x-${i}`, '1'])
    expect((await refused(request('/', many))).status).toBe('431')
  })

  test('an unknown Expect gets 417', async () => {
    expect((await refused(request('/', [['expect', 'cake']]))).status).toBe('417')
  })
})

describe('RFC 9113 8.1, a request with a body', () => {
  test('goes on in chunks where it says no length, with its length where it does', async () => {
    const { backend, front } = await scene.http2()
    const client = await front.client()
    client.send(headers(1, request('/', [], 'POST'), 0), data(1, 'he'), data(1, 'llo', END_STREAM))
    expect((await client.reply(1)).status).toBe('200')
    expect(backend.text.toLowerCase()).toContain('\r\ntransfer-encoding: chunked\r\n')
    await backend.until(() => backend.text.endsWith('0\r\n\r\n'))
    expect(backend.text.toLowerCase()).not.toContain('content-length')
  })

  test('goes on with its length where it says it', async () => {
    const { backend, front } = await scene.http2()
    const client = await front.client()
    const fields = request('/', [['content-length', '5']], 'POST')
    client.send(headers(1, fields, 0), data(1, 'he'), data(1, 'llo', END_STREAM))
    expect((await client.reply(1)).status).toBe('200')
    await backend.until(() => backend.text.endsWith('\r\n\r\nhello'))
    expect(backend.text.toLowerCase()).toContain('\r\ncontent-length: 5\r\n')
    expect(backend.text.toLowerCase()).not.toContain('chunked')
  })

  test('one without has none there, either', async () => {
    const { backend, front } = await scene.http2()
    const client = await front.client()
    client.send(headers(1, request()), headers(3, request('/x', [['content-length', '0']], 'POST')))
    await client.reply(3)
    await client.reply(1)
    expect(backend.text.toLowerCase()).not.toContain('chunked')
    expect(backend.text).toMatch(/POST \/x[^]*content-length: 0/i)
  })

  test('its trailers end here', async () => {
    const { backend, front } = await scene.http2()
    const client = await front.client()
    client.send(
      headers(1, request('/', [], 'POST'), 0),
      data(1, 'x'),
      headers(1, [['x-evil', '1']]),
    )
    expect((await client.reply(1)).status).toBe('200')
    await backend.until(() => backend.text.endsWith('0\r\n\r\n'))
    expect(backend.text).not.toContain('evil')
  })
})
