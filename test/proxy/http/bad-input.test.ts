import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { RecordingBackend } from '../../support/recording-backend.ts'

/**
 * proxy-behaviour.md, section 5: one raw-socket test a row, against a backend that records every byte. Each case is sent on a
 * connection of its own; nothing of it may reach the backend, and the proxy goes on serving.
 */
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n'
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`

/** What is sent, and the status that answers it. */
const REFUSED_IN_THE_HEAD: Record<string, [string, number]> = {
  'Content-Length with Transfer-Encoding': [
    `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  'Transfer-Encoding with Content-Length': [
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    400,
  ],
  'an empty Transfer-Encoding beside a Content-Length': [
    `${POST}Transfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello`,
    400,
  ],
  'an empty Transfer-Encoding': [`${POST}Transfer-Encoding:\r\n\r\n`, 400],
  'two equal Content-Lengths': [`${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, 400],
  'two different Content-Lengths': [
    `${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
    400,
  ],
  'a Content-Length list': [`${POST}Content-Length: 5, 5\r\n\r\nhello`, 400],
  'a Content-Length with a plus': [`${POST}Content-Length: +5\r\n\r\nhello`, 400],
  'a negative Content-Length': [`${POST}Content-Length: -5\r\n\r\nhello`, 400],
  'a Content-Length with a space inside': [`${POST}Content-Length: 5 5\r\n\r\nhello`, 400],
  'a hexadecimal Content-Length': [`${POST}Content-Length: 0x5\r\n\r\nhello`, 400],
  'an empty Content-Length': [`${POST}Content-Length:\r\n\r\nhello`, 400],
  'a Content-Length beyond all measure': [
    `${POST}Content-Length: 99999999999999999999\r\n\r\nhello`,
    400,
  ],
  'a Content-Length beyond exact numbers': [
    `${POST}Content-Length: 9999999999999999\r\n\r\nhello`,
    400,
  ],
  'gzip before chunked': [`${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400],
  'chunked twice': [`${POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`, 400],
  'two Transfer-Encodings': [
    `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  'an unknown Transfer-Encoding': [`${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400],
  'Transfer-Encoding: identity': [`${POST}Transfer-Encoding: identity\r\n\r\n`, 400],
  'a vertical tab before chunked': [`${POST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, 400],
  'Transfer-Encoding in HTTP/1.0': [
    'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  'a bare CR in a value': [`${GET}A: b\rc\r\n\r\n`, 400],
  'a NUL in a value': [`${GET}A: b\0c\r\n\r\n`, 400],
  'a control byte in a value': [`${GET}A: b\x01c\r\n\r\n`, 400],
  'a folded line': [`${GET}A: b\r\n c\r\n\r\n`, 400],
  'a line folded by a tab': [`${GET}A: b\r\n\tc\r\n\r\n`, 400],
  'a space before the first field': ['GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n', 400],
  'a space before the colon': [`${GET}A : b\r\n\r\n`, 400],
  'a bad token in a name': [`${GET}A(b: c\r\n\r\n`, 400],
  'a byte beyond ASCII in a name': [`${GET}\xc4: c\r\n\r\n`, 400],
  'an empty name': [`${GET}: c\r\n\r\n`, 400],
  'a line without a colon': [`${GET}abc\r\n\r\n`, 400],
  'a bare LF after a field': [`GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n`, 400],
  'bare LFs throughout': ['GET / HTTP/1.1\nHost: a\n\n', 400],
  'a bad method': ['G@T / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a method in small letters': ['get / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'HTTP/0.9': ['GET /\r\n\r\n', 400],
  'HTTP/1.2': ['GET / HTTP/1.2\r\nHost: a\r\n\r\n', 400],
  'HTTP/2.0 without its preface': ['GET / HTTP/2.0\r\nHost: a\r\n\r\n', 400],
  'the preface of HTTP/2': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  'HTTP in small letters': ['GET / http/1.1\r\nHost: a\r\n\r\n', 400],
  'a version with two digits': ['GET / HTTP/1.10\r\nHost: a\r\n\r\n', 400],
  'a TLS hello': ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  'no Host': ['GET / HTTP/1.1\r\nA: b\r\n\r\n', 400],
  'two Hosts': [`${GET}Host: b\r\n\r\n`, 400],
  'two equal Hosts': [`${GET}Host: a\r\n\r\n`, 400],
  'an empty Host': ['GET / HTTP/1.1\r\nHost:\r\n\r\n', 400],
  'a Host with a path': ['GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
  'a Host with a user': ['GET / HTTP/1.1\r\nHost: u@a\r\n\r\n', 400],
  'a Host list': ['GET / HTTP/1.1\r\nHost: a, b\r\n\r\n', 400],
  'a Host with a port that is no number': ['GET / HTTP/1.1\r\nHost: a:b\r\n\r\n', 400],
  CONNECT: ['CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n', 501],
  'a target that begins with @': ['GET @a HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a target that begins with a colon': ['GET :80/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a relative target': ['GET c/d HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a target with a fragment': ['GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a URL that is not http': ['GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a URL with a user': ['GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a URL without a host': ['GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'the asterisk': ['OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  'a control byte in the target': ['GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a space in the target': ['GET /a b HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  'a head of 17 KiB': [`${GET}A: ${'b'.repeat(17 * 1024)}\r\n\r\n`, 431],
  'a head of 100 KiB': [`${GET}A: ${'b'.repeat(100 * 1024)}\r\n\r\n`, 431],
  'a hundred and one fields': [`${GET}${'A: b\r\n'.repeat(100)}\r\n`, 431],
  'a target of 9 KiB': [`GET /${'a'.repeat(9 * 1024)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  'a target of 100 KiB': [`GET /${'a'.repeat(100 * 1024)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  'a body over the limit': [`${POST}Content-Length: 100001\r\n\r\n`, 413],
  'two Hosts at the eyes of the proxy itself': [
    'GET /lb/stats HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    400,
  ],
  'an ambiguous length there': [
    'POST /lb/stats HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n',
    400,
  ],
  'an unknown Expect there': ['GET /lb/health HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n', 417],
  'an Expect list': [`${POST}Expect: 100-continue, other\r\nContent-Length: 2\r\n\r\n`, 417],
  'two Expects': [
    `${POST}Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`,
    417,
  ],
  'a port beyond all ports in Host': ['GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n', 400],
  'an address in Host that is none': ['GET / HTTP/1.1\r\nHost: [:::::]\r\n\r\n', 400],
  'an unknown Expect': [`${GET}Expect: the-unexpected\r\n\r\n`, 417],
}

/** Found out when the head has already passed: the attempt upstream is given up. */
const REFUSED_IN_THE_BODY: Record<string, [string, number]> = {
  'a chunk size that is no number': [`${CHUNKED}zz\r\nhello\r\n0\r\n\r\n`, 400],
  'a chunk size with 0x': [`${CHUNKED}0x5\r\nhello\r\n0\r\n\r\n`, 400],
  'a chunk size with a sign': [`${CHUNKED}+5\r\nhello\r\n0\r\n\r\n`, 400],
  'a chunk size with a space behind': [`${CHUNKED}5 \r\nhello\r\n0\r\n\r\n`, 400],
  'a chunk size beyond all measure': [`${CHUNKED}fffffffffffffffff\r\nhello\r\n0\r\n\r\n`, 400],
  'an empty chunk size': [`${CHUNKED}\r\nhello\r\n0\r\n\r\n`, 400],
  'a chunk longer than announced': [`${CHUNKED}5\r\nhelloX\r\n0\r\n\r\n`, 400],
  'a bare LF after a chunk size': [`${CHUNKED}5\nhello\r\n0\r\n\r\n`, 400],
  'a bare LF after a chunk extension': [`${CHUNKED}5;a\nhello\r\n0\r\n\r\n`, 400],
  'a control byte in a chunk extension': [`${CHUNKED}5;a\x01b\r\nhello\r\n0\r\n\r\n`, 400],
  'chunk extensions of 20 KiB': [`${CHUNKED}5;a=${'b'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`, 400],
  'trailers of 30 KiB': [`${CHUNKED}0\r\nA: ${'b'.repeat(30_000)}\r\n\r\n`, 400],
  'a bad token in a trailer': [`${CHUNKED}0\r\nA b: c\r\n\r\n`, 400],
  'chunks over the limit of a body': [
    `${CHUNKED}186a1\r\n${'x'.repeat(100_001)}\r\n0\r\n\r\n`,
    413,
  ],
}

let backend: RecordingBackend
let test_: TestProxy
let served = 0

beforeAll(async () => {
  backend = await RecordingBackend.start()
  test_ = await TestProxy.start({ servers: [backend.url], limits: { body: 100_000 } })
})

afterAll(async () => {
  test_.proxy.kill()
  await backend.stop()
})

/** The proxy goes on serving, on a new connection. */
async function expectService(): Promise<void> {
  const mark = `/still-here-${++served}`
  const client = await RawClient.connect(test_.port)
  client.send(`GET ${mark} HTTP/1.1\r\nHost: a\r\n\r\n`)
  expect(await client.receive('ok')).toMatch(/^HTTP\/1\.1 200 /)
  expect(backend.text).toContain(`GET ${mark} `)
  client.leave()
}

describe('section 5: what is refused in the head never reaches a backend', () => {
  test.each(Object.entries(REFUSED_IN_THE_HEAD))('%s', async (_name, [bytes, status]) => {
    const before = backend.text.length
    const answer = await RawClient.exchange(test_.port, bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(backend.text.slice(before)).toBe('')
    await expectService()
  })

  test.each(Object.entries(REFUSED_IN_THE_HEAD))(
    '%s, byte by byte',
    async (_name, [bytes, status]) => {
      if (bytes.length > 300) return
      const before = backend.text.length
      const client = await RawClient.connect(test_.port)
      for (const byte of bytes) client.send(byte)
      await client.untilClosed()
      expect(client.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(backend.text.slice(before)).toBe('')
    },
  )

  test('what follows a refused request on its connection is not read as a request', async () => {
    const before = backend.text.length
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
    for (const [bytes] of Object.values(REFUSED_IN_THE_HEAD)) {
      const answer = await RawClient.exchange(test_.port, bytes + smuggled)
      expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    }
    expect(backend.text.slice(before)).toBe('')
  })
})

describe('section 5: what is refused in the body ends the attempt', () => {
  test.each(Object.entries(REFUSED_IN_THE_BODY))('%s', async (_name, [bytes, status]) => {
    const connections = backend.connections.length
    backend.behaviour = () => {} // It waits for the end of the body.
    const answer = await RawClient.exchange(test_.port, bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
    const touched = backend.connections.slice(connections)
    await backend.until(() => touched.every(({ socket }) => socket.destroyed))
    for (const { text } of touched) expect(text).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(test_.inflight).toBe(0)
    backend.behaviour = (connection) => {
      if (connection.text.endsWith('\r\n\r\n')) {
        connection.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      }
    }
    await expectService()
  })
})

describe('section 8: pipelined', () => {
  test('a good request before a bad one is answered whole, then comes the 400', async () => {
    const answer = await RawClient.exchange(test_.port, `${GET}\r\nGET / HTTP/1.1\r\nA : b\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*ok\s*HTTP\/1\.1 400 [^]*bad_request/)
  })

  test('so it is when only the second look finds the fault', async () => {
    const answer = await RawClient.exchange(test_.port, `${GET}\r\n${GET}Host: b\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*ok\s*HTTP\/1\.1 400 [^]*bad_request/)
  })

  test('answers come in the order of the requests', async () => {
    const client = await RawClient.connect(test_.port)
    client.send(`GET /one HTTP/1.1\r\nHost: a\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n`)
    await client.until(() => (client.text.match(/ok/g) ?? []).length === 2)
    client.leave()
    expect(backend.text.indexOf('GET /one ')).toBeLessThan(backend.text.indexOf('GET /two '))
  })
})
