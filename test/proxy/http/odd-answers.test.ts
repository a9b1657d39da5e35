import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ContinueFilter } from '../../../proxy/http/continue-filter.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

/** Answers that are legal but rare, or just not legal (sections 4, 5 and 8). */
const scene = useScene()
const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const CHUNKS = '2\r\nok\r\n0\r\n\r\n'

async function answerTo(response: string, request = GET): Promise<string> {
  const { proxy } = await scene.pair({}, answering(response))
  return RawClient.exchange(proxy.port, request)
}

/** Pieces that the other side reads one by one. */
async function inTurns(socket: Socket, pieces: string[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece, 'latin1')
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('section 8: an unasked 100', () => {
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

  test.each([
    ['glued to the answer', [CONTINUE + OK]],
    ['apart from it', [CONTINUE, OK]],
    ['three times, with a field', [`${CONTINUE}HTTP/1.1 100\r\nA: b\r\n\r\n${CONTINUE}${OK}`]],
    [
      'behind another interim answer',
      [`HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${CONTINUE}${OK}`],
    ],
    ['split in the middle', ['HTTP/1.', '1 100 Cont', 'inue\r\n\r', `\n${OK}`]],
  ])('%s is borne', async (_name, pieces) => {
    const { proxy } = await scene.pair({}, ({ socket }) => void inTurns(socket, pieces))
    const text = await RawClient.exchange(proxy.port, GET)
    expect(text).toMatch(/HTTP\/1\.1 200 [^]*ok$/)
    expect(text).not.toMatch(/HTTP\/1\.1 100/)
    expect(proxy.proxy.counters.retries).toEqual({})
  })

  test('the same bytes in a body are left alone', async () => {
    const body = `${CONTINUE}x`
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`
    const { proxy } = await scene.pair({}, ({ socket }) => void inTurns(socket, [head, body]))
    expect(await RawClient.exchange(proxy.port, GET)).toMatch(
      /\r\n\r\nHTTP\/1\.1 100 Continue\r\n\r\nx$/,
    )
  })

  test('with a bare LF in it is not borne: an answer could be hidden in it', () => {
    const text = `HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\r\nContent-Length: 39\r\n\r\n${OK}`
    expect(new ContinueFilter().pass(Buffer.from(text))?.toString()).toBe(text)
  })

  test('the filter takes out whole heads only, and gives everything else as it came', () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n'
    const whole = Buffer.from(`${CONTINUE}${CONTINUE}${hint}${CONTINUE}${OK}`)
    for (let cut = 0; cut <= whole.length; cut++) {
      const filter = new ContinueFilter()
      const parts = [whole.subarray(0, cut), whole.subarray(cut)].map((part) => filter.pass(part))
      expect(parts.map((part) => part?.toString() ?? '').join('')).toBe(hint + OK)
    }
  })
})

describe('interim answers', () => {
  test('a flood of them to a client that does not read is not kept', async () => {
    const hint = `HTTP/1.1 103 Early Hints\r\nLink: ${'x'.repeat(1000)}\r\n\r\n`
    const { proxy } = await scene.pair({}, ({ socket }) => {
      for (let i = 0; i < 5000; i++) socket.write(hint)
      socket.write(OK)
    })
    const text = await RawClient.exchange(proxy.port, GET)
    expect(text.match(/HTTP\/1\.1 103/g)!.length).toBeLessThanOrEqual(20)
    expect(text).toMatch(/HTTP\/1\.1 200 [^]*ok$/)
  })

  test.each(['constructor', '__proto__', 'toString'])(
    'a field named %s does no harm',
    async (name) => {
      const text = await answerTo(`HTTP/1.1 103 Early Hints\r\n${name}: 1\r\n\r\n${OK}`)
      expect(text).toMatch(/HTTP\/1\.1 200 [^]*ok$/)
    },
  )

  test('with a length pass without it: a client could wait for a body (RFC 9110, section 8.6)', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: a\r\nContent-Length: 7\r\n\r\n'
    const text = await answerTo(hint + OK)
    expect(text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: a\r\nVia: 1\.1 evenkeel\r\n\r\n/)
    expect(text).toMatch(/HTTP\/1\.1 200 [^]*ok$/)
  })

  test('after one was passed on, a request is not tried again', async () => {
    const flaky = await scene.backend(({ socket }) => {
      socket.end('HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n')
    })
    const proxy = await scene.proxy({
      servers: [flaky.url, flaky.url.replace('127.0.0.1', 'localhost')],
    })
    const text = await RawClient.exchange(proxy.port, GET)
    expect(text.match(/HTTP\/1\.1 103/g)).toHaveLength(1)
    expect(text).toMatch(/HTTP\/1\.1 502 /)
  })
})

describe('answers that announce trailers', () => {
  const chunked = `HTTP/1.1 200 OK\r\nTrailer: Server-Timing\r\nTransfer-Encoding: chunked\r\n\r\n`

  test.each([
    ['to HEAD', chunked, 'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['to an HTTP/1.0 client', chunked + CHUNKS, 'GET / HTTP/1.0\r\n\r\n'],
    ['beside a length', OK.replace('Content', 'Trailer: X\r\nContent'), GET],
  ])('%s pass without them', async (_name, response, request) => {
    const text = await answerTo(response, request)
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text).not.toMatch(/Trailer/)
  })
})

describe('section 5: answers that cannot be passed on are 502', () => {
  test.each([
    ['gzip as a transfer coding', `HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxx`],
    ['gzip, chunked', `HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n${CHUNKS}`],
    [
      'chunked twice',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${CHUNKS}`,
    ],
    [
      'chunked, then identity',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n${CHUNKS}`,
    ],
    ['a status of 700', 'HTTP/1.1 700 Odd\r\nContent-Length: 2\r\n\r\nok'],
  ])('%s', async (_name, response) => {
    expect(await answerTo(response)).toMatch(/^HTTP\/1\.1 502 [^]*upstream_invalid/)
  })

  test.each([
    ['a length', 'Content-Length: 0\r\n'],
    ['a wrong length', 'Content-Length: 5\r\n'],
  ])('a 204 with %s passes without it (RFC 9110, section 8.6)', async (_name, field) => {
    const text = await answerTo(`HTTP/1.1 204 No Content\r\n${field}\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 204 No Content\r\n/)
    expect(text).not.toMatch(/Content-Length/i)
  })

  test.each([
    ['nothing', 'Content-Length: 0\r\n\r\n'],
    ['what comes later', 'Content-Length: 2\r\n\r\n'],
  ])('bytes beyond ASCII in a field stay as they are, with a body of %s', async (_name, rest) => {
    const pieces = [
      `HTTP/1.1 200 OK\r\nX-Eight: \xe9\xff\r\n${rest}`,
      rest.includes('2') ? 'ok' : '',
    ]
    const { proxy } = await scene.pair({}, ({ socket }) => void inTurns(socket, pieces))
    expect(await RawClient.exchange(proxy.port, GET)).toContain('\r\nX-Eight: \xe9\xff\r\n')
  })

  test('a reason that is not ASCII is left out, and the answer passes', async () => {
    expect(await answerTo('HTTP/1.1 200 \xe9\r\nContent-Length: 2\r\n\r\nok')).toMatch(
      /^HTTP\/1\.1 200 \r\n[^]*ok$/,
    )
  })
})
