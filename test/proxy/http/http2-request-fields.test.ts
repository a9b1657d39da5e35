import { describe, expect, test } from 'vitest'
import { readHttp2Head } from '../../../proxy/http/http2-head.ts'
import type { Field } from '../../support/hpack.ts'
import { ENHANCE_YOUR_CALM, headers, PROTOCOL_ERROR, request } from '../../support/http2-frames.ts'
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

test('pseudo-fields that nghttp2 does not let through are refused here as well', () => {
  const raw = request('/', [[':x', '1']]).flat()
  expect(readHttp2Head(raw).rejection).toMatchObject({ status: 400 })
  expect(readHttp2Head(request().flat()).rejection).toBeUndefined()
})
