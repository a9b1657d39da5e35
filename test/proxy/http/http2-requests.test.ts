import { describe, expect, test } from 'vitest'
import type { Field } from '../../support/hpack.ts'
import { data, END_STREAM, headers, PROTOCOL_ERROR, request } from '../../support/http2-frames.ts'
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
