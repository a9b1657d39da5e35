import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../fuzz/reference/grammar.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { overTheWire, understanding } from '../../support/wire.ts'

/** How RFC 9112 reads requests, over raw sockets: sections 2 to 7.1, and 11. Each title says the section and what it demands. */
const scene = useScene()

const LAST = 'Host: a\r\nConnection: close\r\n'
const GET = `GET / HTTP/1.1\r\n${LAST}`
const POST = `POST / HTTP/1.1\r\n${LAST}`
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'

const status = (got: string): string => got.slice(9, 12)

/** One answer that refuses, the end of the connection, and nothing at the backend, whatever follows. */
async function expectRefused(bytes: string, code = '400'): Promise<void> {
  const { got, sent } = await overTheWire(scene, bytes + SMUGGLED)
  expect(status(got)).toBe(code)
  expect(got).toMatch(/\r\nConnection: close\r\n/i)
  expect(got.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  expect(sent).toBe('')
}

describe('RFC 9112, 2.2: parsing', () => {
  test('an empty line before a request line SHOULD be ignored', async () => {
    const { requests } = await overTheWire(scene, `\r\n${GET}\r\n`)
    expect(requests).toHaveLength(1)
  })

  test('so it is between two requests', async () => {
    const first = 'POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'
    const { requests } = await overTheWire(scene, `${first}\r\n${GET}\r\n`)
    expect(requests.map(({ target }) => target)).toEqual(['/one', '/'])
  })

  test('a bare CR MUST be taken for invalid', () => expectRefused(`${GET}X: a\rb\r\n\r\n`))

  test('a bare LF, which MAY be borne, is not', () => expectRefused(`${GET}X: a\nY: b\r\n\r\n`))

  test('white space between request line and first field MUST be refused or dropped', async () => {
    await expectRefused(`GET / HTTP/1.1\r\n ${LAST}\r\n`)
    await expectRefused(`GET / HTTP/1.1\r\n\t${LAST}\r\n`)
  })

  test('what is no HTTP SHOULD be answered with 400', () => expectRefused('EHLO a\r\n\r\n'))
})

describe('RFC 9112, 2.3: version', () => {
  test('an intermediary MUST send its own version, in both directions', async () => {
    const answer = OK.replace('HTTP/1.1', 'HTTP/1.0')
    const { got, requests } = await overTheWire(scene, 'GET / HTTP/1.0\r\n\r\n', { answer })
    expect(requests[0].version).toBe('HTTP/1.1')
    expect(got).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('RFC 9112, 3: request line', () => {
  test('methods are case-sensitive', () => expectRefused(GET.replace('GET', 'Get')))

  test('a target with white space inside is refused, not mended', () =>
    expectRefused(GET.replace('/', '/a b')))

  test('a target that is too long MUST be 414', () =>
    expectRefused(`${GET.replace('/', `/${'a'.repeat(8192)}`)}\r\n`, '414'))

  test('a target of 8000 bytes SHOULD be borne', async () => {
    const target = `/${'a'.repeat(7999)}`
    const { requests } = await overTheWire(scene, `${GET.replace('/', target)}\r\n`)
    expect(requests[0].target).toBe(target)
  })
})

describe('RFC 9112, 3.2: Host', () => {
  test('none MUST be 400', () => expectRefused('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'))
  test('two MUST be 400', () => expectRefused(`${GET}Host: b\r\n\r\n`))
  test('one that is invalid MUST be 400', () =>
    expectRefused('GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'))
})

describe('RFC 9112, 3.2.1 to 3.2.4: forms of the target', () => {
  test('3.2.1: path and query go through as they are', async () => {
    const { requests } = await overTheWire(scene, `${GET.replace('/', '/a/../%41?b=%20')}\r\n`)
    expect(requests[0].target).toBe('/a/../%41?b=%20')
  })

  test('3.2.2: absolute form MUST be accepted, its authority replaces Host', async () => {
    const { requests } = await overTheWire(scene, `${GET.replace('/', 'http://b:81/x?y')}\r\n`)
    expect(requests[0].target).toBe('/x?y')
    expect(valuesOf(requests[0].fields, 'host')).toEqual(['b:81'])
  })

  test('3.2.2: an invalid Host beside absolute form is refused all the same', () =>
    expectRefused('GET http://b/ HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'))

  test('3.2.3: authority form without CONNECT is refused', () =>
    expectRefused(`${GET.replace('/', 'a:80')}\r\n`))

  test.each(['*', 'http://a', 'http://a:80'])(
    '3.2.4: OPTIONS %s, which asks the server itself, is not sent on as something else',
    (target) => expectRefused(`OPTIONS ${target} HTTP/1.1\r\n${LAST}\r\n`, '501'),
  )
})

describe('RFC 9112, 5: fields', () => {
  test('5.1: white space before the colon MUST be 400', () => expectRefused(`${GET}X : y\r\n\r\n`))
  test('5.1: in front of Transfer-Encoding too', () =>
    expectRefused(`${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`))
  test('5.2: obs-fold MUST be 400 or unfolded; here it is 400', () =>
    expectRefused(`${GET}X: a\r\n\tb\r\n\r\n`))

  test('5.2: of an answer it is 502 or made one line', async () => {
    const { got } = await overTheWire(scene, `${GET}\r\n`, {
      answer: OK.replace('\r\n', '\r\nX: a\r\n b\r\n'),
    })
    expect(got).not.toMatch(/\r\n[ \t]/)
  })
})

describe('RFC 9112, 6.1: Transfer-Encoding', () => {
  test('a coding that is not known SHOULD be 501, and is at least refused', () =>
    expectRefused(`${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`))

  test('with Content-Length the request is an attempt at smuggling, and is refused', () =>
    expectRefused(`${POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`))

  test('in HTTP/1.0 MUST be taken for faulty framing', () =>
    expectRefused('POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'))

  test('MUST NOT be sent to an HTTP/1.0 client: the connection ends the answer', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'
    const { got } = await overTheWire(scene, 'GET / HTTP/1.0\r\n\r\n', { answer })
    expect(got).toMatch(/^HTTP\/1\.1 200 OK\r\n(?![^]*Transfer-Encoding)[^]*\r\n\r\nok$/i)
  })
})

describe('RFC 9112, 6.3: how long a body is', () => {
  const answerTo = async (answer: string, head = GET): Promise<string> =>
    (await overTheWire(scene, `${head}\r\n`, { answer })).got

  test('rule 1: none after HEAD, 204 and 304, whatever the fields say', async () => {
    const length = 'Content-Length: 5\r\n\r\n'
    const none = /^HTTP\/1\.1 \d+[^]*?\r\n\r\n$/
    const head = GET.replace('GET', 'HEAD')
    expect(await answerTo(`HTTP/1.1 200 OK\r\n${length}`, head)).toMatch(none)
    expect(await answerTo(`HTTP/1.1 304 Not Modified\r\n${length}`)).toMatch(none)
    expect(await answerTo('HTTP/1.1 204 No Content\r\n\r\n')).toMatch(none)
  })

  test('rule 3: Transfer-Encoding and Content-Length in an answer: 502', async () => {
    const both = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(status(await answerTo(`${both}2\r\nok\r\n0\r\n\r\n`))).toBe('502')
  })

  test('rule 4: a request whose last coding is not chunked MUST be 400', () =>
    expectRefused(`${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`))

  test.each(['5, 5', '5,6', 'x', '-1', '1.0', '', '+1'])(
    'rule 5: Content-Length: %s MUST be 400 in a request and 502 in an answer',
    async (length) => {
      await expectRefused(`${POST}Content-Length: ${length}\r\n\r\nhello`)
      const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\nhello`
      expect(status(await answerTo(answer))).toBe('502')
    },
  )

  test('rule 6: Content-Length is the length, and what follows is the next message', async () => {
    const { requests } = await overTheWire(
      scene,
      `POST /one HTTP/1.1\r\nHost: a\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}${GET}\r\n`,
    )
    expect(requests.map(({ target }) => target)).toEqual(['/one', '/'])
    expect(requests[0].body.content).toBe(SMUGGLED)
  })

  test('rule 7: a request without either has no body', async () => {
    const { requests } = await overTheWire(scene, `POST /one HTTP/1.1\r\nHost: a\r\n\r\n${GET}\r\n`)
    expect(requests.map(({ body }) => body.content)).toEqual(['', ''])
  })

  test('rule 8: an answer without either ends with its connection', async () => {
    const { proxy } = await scene.pair({}, ({ socket }) =>
      socket.end('HTTP/1.1 200 OK\r\n\r\nto the end'),
    )
    expect(await RawClient.exchange(proxy.port, `${GET}\r\n`)).toMatch(/to the end/)
  })
})

describe('RFC 9112, 7.1: chunked coding', () => {
  test('MUST be understood: sizes of either case with zeros before them', async () => {
    const { requests } = await overTheWire(
      scene,
      `${CHUNKED}00a\r\n0123456789\r\n0A\r\n0123456789\r\n000\r\n\r\n`,
    )
    expect(requests[0].body.content).toBe('0123456789'.repeat(2))
  })

  test('7.1.1: extensions that are not known MUST be ignored, and end here', async () => {
    const { requests, sent } = await overTheWire(
      scene,
      `${CHUNKED}2;a;b=c;d="e\\"; f"\r\nhi\r\n0;g\r\n\r\n`,
    )
    expect(requests[0].body.content).toBe('hi')
    expect(sent).not.toMatch(/;a/)
  })

  test.each([
    ['a size beyond 64 bits', '10000000000000000\r\nhi\r\n0\r\n\r\n'],
    ['no CR LF behind the data', '2\r\nhi0\r\n\r\n'],
    ['a bare LF behind the size', '2\nhi\r\n0\r\n\r\n'],
    ['a space in the size', '2 2\r\nhi\r\n0\r\n\r\n'],
  ])('%s: 400, and the backend gets no end of it', async (_name, chunks) => {
    const { got, requests, sent } = await overTheWire(scene, CHUNKED + chunks + SMUGGLED)
    expect(status(got)).toBe('400')
    expect(requests).toEqual([])
    expect(sent).not.toContain('smuggled')
  })

  test('7.1.2: trailers of an answer are passed on behind its last chunk', async () => {
    const { proxy } = await scene.pair(
      {},
      answering(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n',
      ),
    )
    const got = await RawClient.exchange(proxy.port, `${GET}\r\n`)
    expect(got).toMatch(/\r\n0\r\nX-Sum: 1\r\n\r\n$/)
  })
})

describe('RFC 9112, 11.1: response splitting', () => {
  test('what a client sends comes back in no field of the proxy’s own answer', async () => {
    const proxy = await scene.proxy({ servers: [await scene.deadUrl()] })
    const evil = 'a%0d%0aSet-Cookie:x=1'
    const got = await RawClient.exchange(
      proxy.port,
      `GET /${evil} HTTP/1.1\r\n${LAST}X-Request-Id: ${evil}\r\n\r\n`,
    )
    expect(status(got)).toBe('502')
    expect(got).not.toMatch(/^Set-Cookie/im)
  })
})

describe('RFC 9112, 11.2: request smuggling', () => {
  test('an answer comes to the request that it answers, over a connection that others used', async () => {
    const { proxy } = await scene.pair({}, (connection, chunk) => {
      const path = /^GET (\S+)/.exec(chunk.toString('latin1'))![1]
      connection.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`)
    })
    for (const path of ['/one', '/two', '/three']) {
      const got = await RawClient.exchange(proxy.port, `${GET.replace('/', path)}\r\n`)
      expect(got.endsWith(`\r\n\r\n${path}`)).toBe(true)
    }
  })

  test('a body whose end the client never sends is no end at the backend either', async () => {
    const { backend, proxy } = await scene.pair({}, understanding(OK))
    const client = await RawClient.connect(proxy.port)
    client.send(`${CHUNKED}5\r\nhel`)
    await backend.until(() => backend.text.includes('hel'))
    client.leave()
    await backend.until(() => backend.connections.every(({ socket }) => socket.destroyed))
    expect(backend.text).not.toMatch(/0\r\n\r\n$/)
  })
})
