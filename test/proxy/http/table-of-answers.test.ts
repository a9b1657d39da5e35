import { describe, expect, test } from 'vitest'
import { RawClient } from '../../support/raw-client.ts'
import { useScene } from '../../support/scene.ts'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import type { Behaviour, RecordingBackend } from '../../support/recording-backend.ts'

/**
 * The table of section 5, row by row: what bad input gets. bad-input.test.ts has many more cases of the first rows, and faults.test.ts of
 * what backends do.
 */
const scene = useScene()
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\n'

/** Refused: nothing of it reaches a backend, the connection ends, the proxy goes on; no answer gives an address away. */
async function refused(
  requests: string[],
  status: number | RegExp,
  settings?: Partial<TestSettings>,
) {
  const { backend, proxy } = await scene.pair(settings)
  for (const request of requests) {
    const answer = await RawClient.exchange(proxy.port, request)
    expect(answer).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status instanceof RegExp ? status.source : status} `),
    )
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
    expect(wordIn(answer)).toMatch(/^[a-z_]+$/)
    expect(answer).not.toMatch(/127\.0\.0\.1/)
  }
  expect(backend.text).toBe('')
  await serves(proxy)
}

function wordIn(answer: string): string {
  return (JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { error: string }).error
}

async function serves(proxy: TestProxy): Promise<void> {
  expect(await RawClient.exchange(proxy.port, `${GET}Connection: close\r\n\r\n`)).toMatch(/ 200 /)
}

/** What a client gets of a backend that does that. */
async function answerOf(behaviour: Behaviour, more: Partial<TestSettings> = {}): Promise<string> {
  const { backend, proxy } = await scene.pair({ retries: { attempts: 0 }, ...more }, behaviour)
  const answer = await RawClient.exchange(proxy.port, `${GET}Connection: close\r\n\r\n`)
  expect(answer).not.toContain(`:${backend.port}`) // An id may have the number in it.
  expect(proxy.inflight).toBe(0)
  return answer
}

/** Sends that, and moves the time once the backend has got something, or at once. */
async function late(text: string, time: number, backendSees: boolean, behaviour?: Behaviour) {
  const { backend, proxy } = await scene.pair({}, behaviour)
  const client = await RawClient.connect(proxy.port)
  client.send(text)
  if (backendSees) await backend.until(() => backend.text !== '')
  proxy.advance(time)
  await client.untilClosed()
  return { backend, client, proxy }
}

describe('proxy-behaviour 5, the table', () => {
  test('any ambiguity of length: CL with TE, several or comma-listed CL, signs, spaces, hex in CL; TE other than exactly `chunked`; TE in HTTP/1.0', async () => {
    await refused(
      [
        `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
        `${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
        ...['5, 5', '+5', '5 5', '0x5'].map(
          (length) => `${POST}Content-Length: ${length}\r\n\r\nhello`,
        ),
        `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
        'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ],
      400,
    )
  })

  test.each([
    ['bad chunk size', 'xyz\r\n'],
    ['overflow', `${'f'.repeat(17)}\r\n`],
    ['missing CRLF', '5\r\nhelloX'],
    ['over-long extensions', `5;${'e'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`],
    ['over-long trailers', `0\r\nX-T: ${'t'.repeat(30_000)}\r\n\r\n`],
  ])('%s: 400, close; the attempt upstream is aborted', async (_what, body) => {
    const { backend, proxy } = await scene.pair({}, () => {})
    const request = `${POST}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n${body}`
    const answer = await RawClient.exchange(proxy.port, request)
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*\r\nConnection: close\r\n/i)
    await backend.until(() => backend.connections.every(({ socket }) => socket.destroyed))
    expect(backend.text).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(proxy.inflight).toBe(0)
  })

  test('bare CR, NUL, control bytes, obs-fold, space before the colon, bad token in a name, bad method, bad version', async () => {
    const fields = ['X: a\rb', 'X: a\0b', 'X: a\x01b', 'X: a\r\n b', 'X : a', 'X(: a']
    await refused(
      [
        ...fields.map((field) => `${GET}${field}\r\n\r\n`),
        'G(T / HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
      ],
      400,
    )
  })

  test('no Host, two Hosts, an invalid Host', async () => {
    const hosts = ['', 'Host: a\r\nHost: b\r\n', 'Host: a/b\r\n', 'Host: u@a\r\n']
    await refused(
      hosts.map((host) => `GET / HTTP/1.1\r\n${host}\r\n`),
      400,
    )
  })

  test('`CONNECT`, targets that are neither origin nor absolute form (`@host`, `:port`, `c/d`)', async () => {
    const targets = ['@host', ':80', 'c/d', '*']
    await refused(
      [
        'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n',
        ...targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`),
      ],
      /(?:400|501)/,
    )
  })

  test('head over the limit (16 KiB, 100 fields), target over 8 KiB', async () => {
    const heads = [`${GET}X: ${'x'.repeat(17_000)}\r\n\r\n`, `${GET}${'X: y\r\n'.repeat(100)}\r\n`]
    await refused(heads, 431)
    await refused([`GET /${'t'.repeat(8192)} HTTP/1.1\r\nHost: a\r\n\r\n`], 414)
  })

  test('body over the limit, when one is set', async () => {
    await refused([`${POST}Content-Length: 11\r\n\r\nhello hello`], 413, { limits: { body: 10 } })
    const { proxy } = await scene.pair({ limits: { body: 10 } }, () => {})
    const request = `${POST}Transfer-Encoding: chunked\r\n\r\nb\r\nhello hello\r\n`
    expect(await RawClient.exchange(proxy.port, request)).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('unknown `Expect`', async () => {
    await refused([`${POST}Expect: a-miracle\r\nContent-Length: 2\r\n\r\nhi`], 417)
  })

  test('slow head, slow body, slow reader beyond the timeouts: 408 or close', async () => {
    const head = await scene.pair({ timeouts: { clientHeader: 50 } })
    expect(await RawClient.exchange(head.proxy.port, 'GET / HT')).toMatch(/^HTTP\/1\.1 408 /)
    expect(head.backend.text).toBe('')
    const body = await late(`${POST}Content-Length: 5\r\n\r\nhe`, 31_000, true, () => {})
    expect(body.client.text).toMatch(/^HTTP\/1\.1 408 [^]*client_timeout/)
    expect(body.proxy.inflight).toBe(0)
    const { backend, proxy } = await scene.pair({}, ({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n${'x'.repeat(5_000_000)}`)
    })
    const reader = await RawClient.connect(proxy.port)
    reader.socket.pause()
    reader.send(`${GET}\r\n`)
    await backend.until(() => backend.text !== '')
    await expect.poll(() => backend.connections[0].socket.writableNeedDrain).toBe(true)
    proxy.advance(61_000)
    await backend.until(() => backend.connections[0].socket.destroyed)
    expect(proxy.inflight).toBe(0)
  })

  test('backend refuses, resets, is unreachable: retry, else 502', async () => {
    const dead = await scene.deadUrl()
    const { url } = await scene.backend()
    await serves(await scene.proxy({ servers: [dead, url], strategy: 'first' }))
    const alone = await scene.proxy({ servers: [dead] })
    const answer = await RawClient.exchange(alone.port, `${GET}Connection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 502 /)
    expect(wordIn(answer)).toBe('upstream_unreachable')
    const reset = await answerOf(({ socket }) => void socket.resetAndDestroy())
    expect(reset).toMatch(/^HTTP\/1\.1 502 [^]*"upstream_reset"/)
  })

  test("backend answers nonsense (bad status line, two lengths, a length it does not keep): 502; if the head has gone out, the client's connection is cut so that it can tell", async () => {
    const nonsense = [
      'HTTP/1.1 abc\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ]
    for (const bytes of nonsense) {
      const answer = await answerOf(({ socket }) => void socket.end(bytes))
      expect(answer).toMatch(/^HTTP\/1\.1 502 [^]*"upstream_invalid"/)
    }
    const short = await answerOf(
      ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
    )
    expect(short).toMatch(/^HTTP\/1\.1 (?:200 [^]*\r\n\r\nhalf$|502 )/)
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'
    const cut = await answerOf(({ socket }) => void socket.end(chunked))
    expect(cut).not.toMatch(/\r\n0\r\n\r\n$/)
  })

  test('backend too slow: 504', async () => {
    const { client, proxy } = await late(`${GET}Connection: close\r\n\r\n`, 16_000, true, () => {})
    expect(client.text).toMatch(/^HTTP\/1\.1 504 [^]*"upstream_timeout"/)
    expect(proxy.inflight).toBe(0)
  })

  test('no eligible server; queue full or timed out: 503 with `Retry-After`', async () => {
    const answers: string[] = []
    const none = await scene.pair()
    none.proxy.proxy.balancer.setHealthy(none.proxy.proxy.balancer.servers[0], false)
    answers.push(await RawClient.exchange(none.proxy.port, `${GET}Connection: close\r\n\r\n`))
    const backend = await scene.backend(() => {})
    const servers = [{ url: backend.url, max: 1 }]
    const queue = { length: 1, timeout: 5000 }
    const proxy = await scene.proxy({ servers, queue })
    const first = await RawClient.connect(proxy.port)
    first.send(`${GET}\r\n`)
    await backend.until(() => backend.text !== '')
    const second = await RawClient.connect(proxy.port)
    second.send(`${GET}Connection: close\r\n\r\n`)
    await expect.poll(() => proxy.proxy.line.length).toBe(1)
    answers.push(await RawClient.exchange(proxy.port, `${GET}Connection: close\r\n\r\n`))
    proxy.advance(5100)
    await second.untilClosed()
    answers.push(second.text)
    first.leave()
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n/)
    }
    expect(answers.map(wordIn)).toEqual(['no_server', 'queue_full', 'queue_timeout'])
  })

  test('client leaves: upstream aborted, in-flight released, counted `aborted`, server not blamed', async () => {
    const { backend, proxy } = await scene.pair({}, () => {})
    const client = await RawClient.connect(proxy.port)
    client.send(`${GET}\r\n`)
    await gone(client, backend)
    expect(proxy.inflight).toBe(0)
    const { requests, servers } = proxy.proxy.series.total()
    expect(requests.outcomes).toMatchObject({ aborted: 1 })
    expect(servers[0].attempts).toMatchObject({
      errorRate: null,
      outcomes: { aborted: 1, error: 0 },
    })
  })
})

async function gone(client: RawClient, backend: RecordingBackend): Promise<void> {
  await backend.until(() => backend.text !== '')
  client.leave()
  await backend.until(() => backend.connections[0].socket.destroyed)
}

test('proxy-behaviour 5: errors say which part failed in a fixed word, in the form that is preferred, and no address', async () => {
  const proxy = await scene.proxy({ servers: [await scene.deadUrl()] })
  const ask = (accept: string): Promise<string> =>
    RawClient.exchange(proxy.port, `${GET}Accept: ${accept}\r\nConnection: close\r\n\r\n`)
  const page = await ask('application/json;q=0.8, text/html;q=0.9')
  expect(page).toMatch(
    /\r\nContent-Type: text\/html; charset=utf-8\r\n[^]*<code>upstream_unreachable<\/code>/,
  )
  const json = await ask('application/json;q=0.9, text/html;q=0.8')
  expect(json).toMatch(/\r\nContent-Type: application\/json\r\n/)
  expect(wordIn(json)).toBe('upstream_unreachable')
  for (const answer of [page, json]) expect(answer).not.toMatch(/127\.0\.0\.1|ECONN|:\d{4,5}/)
})
