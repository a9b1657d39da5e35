import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../fuzz/reference/grammar.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { overTheWire, understanding } from '../../support/wire.ts'

/** What RFC 9110 asks of a gateway, over raw sockets. Each title says the section and what it demands. */
const scene = useScene()

/** A request that ends its connection. */
function request(fields = '', method = 'GET', target = '/'): string {
  return `${method} ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`
}

const status = (got: string): string => got.slice(9, 12)
/** The answer's fields of that name. */
const answered = (got: string, name: string): string[] =>
  [...got.split('\r\n\r\n')[0].matchAll(new RegExp(`^${name}: *(.*)\r?$`, 'gim'))].map((m) => m[1])

describe('RFC 9110, 5: fields', () => {
  test('5.1: unknown fields MUST be forwarded, in any spelling', async () => {
    const { sent } = await overTheWire(scene, request('x-NEW.thing~1: v\r\n'))
    expect(sent).toContain('\r\nx-NEW.thing~1: v\r\n')
  })

  test('5.3: the order of fields with one name MUST NOT change', async () => {
    const { requests } = await overTheWire(scene, request('Via: 1.0 a\r\nX: 1\r\nX: 2\r\nX: 0\r\n'))
    expect(valuesOf(requests[0].fields, 'x')).toEqual(['1', '2', '0'])
  })

  test('5.5: CR, LF or NUL in a value MUST be refused or replaced; here they are refused', async () => {
    for (const bad of ['a\rb', 'a\nb', 'a\0b']) {
      const { got, sent } = await overTheWire(scene, request(`X: ${bad}\r\n`))
      expect(status(got)).toBe('400')
      expect(sent).toBe('')
    }
  })

  test('5.5: white space around a value is no part of it', async () => {
    const { sent } = await overTheWire(scene, request('X:\t  a b \t\r\n'))
    expect(sent).toContain('\r\nX: a b\r\n')
  })

  test('5.6.1: empty elements of a list MUST be borne', async () => {
    const { requests } = await overTheWire(
      scene,
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: , ,close,, X-Gone\r\nX-Gone: 1\r\n\r\n',
    )
    expect(valuesOf(requests[0].fields, 'x-gone')).toEqual([])
  })
})

describe('RFC 9110, 6: messages', () => {
  test('6.2: an HTTP/1.0 request is forwarded in the version that the proxy speaks', async () => {
    const { requests } = await overTheWire(scene, 'GET / HTTP/1.0\r\n\r\n')
    expect(requests[0].version).toBe('HTTP/1.1')
  })

  test('6.5.1: trailers of a request are not merged into its fields', async () => {
    const chunked = 'Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nAuthorization: x\r\n'
    const { requests } = await overTheWire(scene, request(chunked, 'POST'))
    expect(valuesOf(requests[0].fields, 'authorization')).toEqual([])
    expect(requests[0].body.content).toBe('a')
  })

  test('6.6.1: an answer without Date gets one; a Date that is there MUST stay', async () => {
    const { got } = await overTheWire(scene, request())
    expect(answered(got, 'date')).toEqual([
      expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} .* GMT$/),
    ])
    const date = 'Thu, 01 Jan 1970 00:00:00 GMT'
    const dated = OK.replace('\r\n', `\r\nDate: ${date}\r\n`)
    expect(answered((await overTheWire(scene, request(), { answer: dated })).got, 'date')).toEqual([
      date,
    ])
  })
})

describe('RFC 9110, 7: routing', () => {
  test('7.2: Host MUST be forwarded as it was received, with its port', async () => {
    const { requests } = await overTheWire(
      scene,
      'GET / HTTP/1.1\r\nConnection: close\r\nhost: A.Example:8080\r\n\r\n',
    )
    expect(valuesOf(requests[0].fields, 'host')).toEqual(['A.Example:8080'])
  })

  test('7.6.1: what Connection names MUST be removed, and Connection itself', async () => {
    const { requests } = await overTheWire(
      scene,
      request('Connection: x-a , X-B\r\nX-A: 1\r\nx-b: 2\r\nX-C: 3\r\n'),
    )
    expect(requests[0].fields.map(([name]) => name)).toContain('X-C')
    for (const name of ['x-a', 'x-b']) expect(valuesOf(requests[0].fields, name)).toEqual([])
    expect(valuesOf(requests[0].fields, 'connection')).toEqual(['keep-alive'])
  })

  test('7.6.1: and so of an answer', async () => {
    const answer = OK.replace('\r\n', '\r\nConnection: X-A, keep-alive\r\nX-A: 1\r\nX-B: 2\r\n')
    const { got } = await overTheWire(scene, request(), { answer })
    expect(answered(got, 'x-a')).toEqual([])
    expect(answered(got, 'x-b')).toEqual(['2'])
    expect(answered(got, 'connection')).toEqual(['close'])
  })

  test('7.6.1: fields of one hop SHOULD go even where Connection does not name them', async () => {
    const hops = 'Keep-Alive: 5\r\nProxy-Connection: keep-alive\r\nTE: gzip\r\nUpgrade: a/1\r\n'
    const { requests } = await overTheWire(scene, request(hops))
    for (const name of ['keep-alive', 'proxy-connection', 'te', 'upgrade', 'transfer-encoding']) {
      expect(valuesOf(requests[0].fields, name)).toEqual([])
    }
  })

  test.each(['OPTIONS', 'TRACE'])(
    '7.6.2: %s with Max-Forwards MUST be forwarded with one less, and MUST NOT with 0',
    async (method) => {
      const two = await overTheWire(scene, request('max-forwards: 2\r\n', method))
      expect(two.sent).toContain('\r\nmax-forwards: 1\r\n')
      const none = await overTheWire(scene, request('Max-Forwards: 0\r\n', method))
      expect(status(none.got)).toBe('501')
      expect(none.sent).toBe('')
    },
  )

  test.each(['-1', '1, 1', 'x', ''])('7.6.2: Max-Forwards: %s is refused', async (value) => {
    const { got, sent } = await overTheWire(scene, request(`Max-Forwards: ${value}\r\n`, 'OPTIONS'))
    expect([status(got), sent]).toEqual(['400', ''])
  })

  test('7.6.2: with other methods it MAY be ignored, and is', async () => {
    const { sent } = await overTheWire(scene, request('Max-Forwards: 0\r\n'))
    expect(sent).toContain('\r\nMax-Forwards: 0\r\n')
  })

  test('7.6.3: Via MUST say the version that came in, behind those that are there', async () => {
    const new_ = await overTheWire(scene, request('Via: 1.0 fred, 1.1 p.example\r\n'))
    expect(valuesOf(new_.requests[0].fields, 'via')).toEqual([
      '1.0 fred, 1.1 p.example',
      '1.1 evenkeel',
    ])
    const old = await overTheWire(scene, 'GET / HTTP/1.0\r\nHost: a\r\n\r\n')
    expect(valuesOf(old.requests[0].fields, 'via')).toEqual(['1.0 evenkeel'])
    expect(answered(new_.got, 'via')).toEqual(['1.1 evenkeel'])
  })

  test('7.7: what is forwarded MUST NOT be transformed: content, coding, type, ranges', async () => {
    const fields =
      'Content-Encoding: gzip\r\nContent-Type: a/b\r\nContent-Range: bytes 0-1/2\r\nETag: "x"\r\n'
    const answer = `HTTP/1.1 206 Partial Content\r\n${fields}Content-Length: 2\r\n\r\n\x1f\x8b`
    const { got } = await overTheWire(scene, request('Range: bytes=0-1\r\n'), { answer })
    expect(got).toContain(`\r\n${fields}Content-Length: 2\r\n`)
    expect(got.endsWith('\r\n\r\n\x1f\x8b')).toBe(true)
  })

  test('7.8: an Upgrade that is not taken up MAY be ignored, and is not forwarded', async () => {
    const offer = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: a/1\r\n\r\n'
    const { got, requests } = await overTheWire(scene, offer)
    expect(status(got)).toBe('200')
    expect(valuesOf(requests[0].fields, 'upgrade')).toEqual([])
  })
})

describe('RFC 9110, 8.6: Content-Length', () => {
  test('MUST be forwarded where a body is', async () => {
    const { requests } = await overTheWire(
      scene,
      request('Content-Length: 005\r\n', 'POST') + 'hello',
    )
    expect(valuesOf(requests[0].fields, 'content-length')).toEqual(['5'])
  })

  test.each(['HEAD', '304'])('of an answer without content (%s) passes', async (what) => {
    const line = what === '304' ? '304 Not Modified' : '200 OK'
    const answer = `HTTP/1.1 ${line}\r\nContent-Length: 500\r\n\r\n`
    const { got } = await overTheWire(scene, request('', what === 'HEAD' ? what : 'GET'), {
      answer,
    })
    expect(answered(got, 'content-length')).toEqual(['500'])
    expect(got.endsWith('\r\n\r\n')).toBe(true)
  })
})

describe('RFC 9110, 9: methods', () => {
  test('9.1: methods that a server does not know SHOULD be 501, and are at least refused', async () => {
    const { got, sent } = await overTheWire(scene, request('', 'BREW'))
    expect([status(got), sent]).toEqual(['400', '']) // DECISIONS 14.
  })

  test('9.3.2: the answer to HEAD MUST NOT have content, even where the proxy makes it', async () => {
    const proxy = await scene.proxy({ servers: [await scene.deadUrl()] })
    const got = await RawClient.exchange(proxy.port, request('', 'HEAD'))
    expect(got).toMatch(/^HTTP\/1\.1 502 [^]*\r\nContent-Length: [1-9]\d*\r\n[^]*\r\n\r\n$/)
  })

  test.each(['GET', 'DELETE', 'OPTIONS'])('9.3: a body of %s goes with it', async (method) => {
    const { requests } = await overTheWire(scene, request('Content-Length: 2\r\n', method) + 'hi')
    expect(requests.map(({ body }) => body.content)).toEqual(['hi'])
  })

  test('9.3.6: CONNECT is not served here', async () => {
    const { got, sent } = await overTheWire(scene, 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n')
    expect([status(got), sent]).toEqual(['501', ''])
  })
})

describe('RFC 9110, 10.1.1: Expect', () => {
  const fields = 'Content-Length: 2\r\nExpect: 100-Continue\r\n'

  test('in any spelling: 100 or a final answer MUST come without waiting for the body', async () => {
    const { proxy } = await scene.pair({}, understanding(OK))
    const client = await RawClient.connect(proxy.port)
    client.send(request(fields, 'POST'))
    await client.receive('HTTP/1.1 100 Continue\r\n\r\n')
    client.send('hi')
    await client.untilClosed()
    expect(client.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /)
  })

  test('no 100 MUST go to an HTTP/1.0 client', async () => {
    const old = `POST / HTTP/1.0\r\nHost: a\r\n${fields}\r\nhi`
    expect((await overTheWire(scene, old)).got).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('others MAY be 417, and are', async () => {
    const { got, sent } = await overTheWire(scene, request('Expect: more\r\n'))
    expect([status(got), sent]).toEqual(['417', ''])
  })
})

describe('RFC 9110, 15.2: interim answers', () => {
  const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'

  test('MUST be forwarded to whoever understands them', async () => {
    const { proxy } = await scene.pair({}, answering(hint + OK))
    expect(await RawClient.exchange(proxy.port, request())).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n[^]*\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    )
  })

  test('MUST NOT go to an HTTP/1.0 client', async () => {
    const { got } = await overTheWire(scene, 'GET / HTTP/1.0\r\n\r\n', { answer: hint + OK })
    expect(got).toMatch(/^HTTP\/1\.1 200 /)
    expect(got).not.toContain('103')
  })

  test('15.2.1: a 100 that nobody asked for is borne', async () => {
    const answer = `HTTP/1.1 100 Continue\r\n\r\n${OK}`
    expect((await overTheWire(scene, request(), { answer })).got).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('RFC 9110, 15: statuses', () => {
  test.each(['299', '418', '499', '599'])('%s, unknown or not, passes', async (code) => {
    const answer = `HTTP/1.1 ${code} Whatever\r\nContent-Length: 0\r\n\r\n`
    expect((await overTheWire(scene, request(), { answer })).got).toMatch(
      `HTTP/1.1 ${code} Whatever\r\n`,
    )
  })

  test('15.6.3: an answer that is none is 502', async () => {
    const { got } = await overTheWire(scene, request(), { answer: 'SSH-2.0-x\r\n\r\n' })
    expect(status(got)).toBe('502')
  })
})
