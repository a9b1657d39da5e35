import { describe, expect, test } from 'vitest'
import {
  CHUNKED,
  closes,
  diesAtReuse,
  endsAfter,
  flaps,
  inTurn,
  resets,
  resetsAfter,
  says,
  saysNothing,
} from '../../support/misbehaving-origin.ts'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import {
  answering,
  type Behaviour,
  OK,
  type RecordingBackend,
} from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'
import { understanding } from '../../support/wire.ts'

/**
 * Faults to survive. For each: what the client sees, what the backends see, that nothing stays in flight, that a POST reaches at most
 * one backend once, and that the proxy serves on.
 */
const scene = useScene()

const GET = 'GET /get HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const POST = 'POST /post HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello'
const LENGTH_9 = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'

/** Two servers that are one origin, so that whatever is sent twice is seen twice. */
async function twoOf(
  behaviour: Behaviour,
  settings: Partial<TestSettings> = {},
): Promise<{ proxy: TestProxy; origin: RecordingBackend }> {
  const origin = await scene.backend(behaviour)
  const servers = [origin.url, origin.url.replace('127.0.0.1', 'localhost')]
  return { origin, proxy: await scene.proxy({ servers, ...settings }) }
}

/** Nothing in flight once nobody is there, and then the next one is served. */
async function expectRecovery(proxy: TestProxy, origin: RecordingBackend): Promise<void> {
  await until(() => proxy.inflight === 0)
  origin.behaviour = understanding(OK)
  expect(await RawClient.exchange(proxy.port, GET)).toMatch(/^HTTP\/1\.1 200 /)
  expect(proxy.inflight).toBe(0)
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve))
}

const REFUSED = /^HTTP\/1\.1 502 [^]*"upstream_(?:reset|invalid)"[^]*$/
/** A head, then less than it announces. */
const CUT = /^HTTP\/1\.1 200 (?:(?!\r\n0\r\n\r\n$|123456789$)[^])*$/
const EITHER = new RegExp(`${REFUSED.source}|${CUT.source}`)
const WHOLE = /^HTTP\/1\.1 (?:200|103) [^]*\r\n\r\nok$/

/** What the origin does, what GET and POST get, and how often GET is tried. */
const FAULTS: Record<string, [behaviour: Behaviour, client: RegExp, tries: number]> = {
  'dies before the head': [closes, REFUSED, 2],
  'resets before the head': [resets, REFUSED, 2],
  'dies in the head': [endsAfter('HTTP/1.1 200 OK\r\nContent-'), REFUSED, 2],
  'dies in the body': [endsAfter(`${LENGTH_9}1234`), EITHER, 1],
  'resets in the body': [resetsAfter(`${LENGTH_9}1234`), EITHER, 1],
  'dies in a chunk': [endsAfter(`${CHUNKED}9\r\n1234`), EITHER, 1],
  'dies before the last chunk': [endsAfter(`${CHUNKED}2\r\nok\r\n`), EITHER, 1],
  'sends a short body': [endsAfter(`${LENGTH_9}12345678`), EITHER, 1],
  'sends a long body': [says(`${OK}more`), WHOLE, 1],
  'sends a second answer unasked': [says(OK + OK.replace('ok', 'no')), WHOLE, 1],
  'sends a bad chunk': [says(`${CHUNKED}2\r\nok\r\nzz\r\n`), EITHER, 1],
  'sends a bad status line': [says('HTTP/1.1 OK 200\r\n\r\n'), REFUSED, 1],
  'sends two lengths': [
    says('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'),
    REFUSED,
    1,
  ],
  'sends a length and chunks': [
    says(`${OK.slice(0, -6)}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    REFUSED,
    1,
  ],
  'sends a huge head': [says(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`), REFUSED, 1],
  'sends an endless head': [says(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(12_000)}`), REFUSED, 1],
  'sends 1xx before its answer': [
    says(`HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${OK}`),
    WHOLE,
    1,
  ],
  'sends 1xx and dies': [
    endsAfter('HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n'),
    /^HTTP\/1\.1 103 [^]*HTTP\/1\.1 502 /,
    1,
  ],
}

describe('faults to survive: a backend that', () => {
  test.each(Object.entries(FAULTS))('%s', async (_name, [behaviour, client, tries]) => {
    const { origin, proxy } = await twoOf(behaviour)
    expect(await RawClient.exchange(proxy.port, GET)).toMatch(client)
    expect(origin.text.match(/GET \/get /g)).toHaveLength(tries)
    expect(await RawClient.exchange(proxy.port, POST)).toMatch(client)
    expect(origin.text.match(/POST \/post /g)).toHaveLength(1)
    await expectRecovery(proxy, origin)
  })

  test('refuses: the next one gets it, whatever the method, and once', async () => {
    const good = await scene.backend(understanding(OK))
    const proxy = await scene.proxy({ servers: [await scene.deadUrl(), good.url] })
    for (const request of [GET, POST, GET, POST]) {
      expect(await RawClient.exchange(proxy.port, request)).toMatch(/^HTTP\/1\.1 200 /)
    }
    expect(good.text.match(/POST \/post /g)).toHaveLength(2)
    expect(proxy.inflight).toBe(0)
  })

  test.each([GET, POST])(
    'accepts and says nothing: 504, and nobody else is asked (%#)',
    async (request) => {
      const { origin, proxy } = await twoOf(saysNothing)
      const client = await RawClient.connect(proxy.port)
      client.send(request)
      await origin.until(() => /\r\n\r\n(?:hello)?$/.test(origin.text))
      proxy.advance(15_200)
      await client.untilClosed()
      expect(client.text).toMatch(/^HTTP\/1\.1 504 [^]*upstream_timeout/)
      expect(origin.text.match(/(?:GET|POST) \//g)).toHaveLength(1)
      await expectRecovery(proxy, origin)
    },
  )

  test('closes an idle connection at the moment of reuse: GET is tried once more, POST is not', async () => {
    const retries = { budget: 0, minPerSecond: 0 }
    const { backend: origin, proxy } = await scene.pair({ retries }, diesAtReuse)
    for (let i = 0; i < 3; i++) expect(await RawClient.exchange(proxy.port, GET)).toMatch(WHOLE)
    expect(proxy.proxy.counters.retries).toEqual({ stale_connection: 1 })
    const post = await RawClient.exchange(proxy.port, POST)
    expect(post).toMatch(REFUSED)
    expect(origin.text.match(/POST \/post /g)).toHaveLength(1)
    await expectRecovery(proxy, origin)
  })

  test.each([
    ['is answered before the upload has ended', OK],
    ['resets after it', OK],
  ])(
    'answers early to an upload: the client has the answer and the connection ends (%s)',
    async (name, answer) => {
      const behaviour = name.startsWith('resets') ? resetsAfter(answer) : says(answer)
      const { origin, proxy } = await twoOf(behaviour)
      const client = await RawClient.connect(proxy.port)
      client.send('POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\nhello')
      await client.receive('\r\n\r\nok')
      expect(client.text).toMatch(/\r\nConnection: close\r\n/)
      client.send('x'.repeat(1_000_000))
      await client.untilClosed()
      expect(client.text.match(/HTTP\/1\.1 /g)).toHaveLength(1)
      expect(origin.text.match(/POST \/post /g)).toHaveLength(1)
      await expectRecovery(proxy, origin)
    },
  )

  test('drips a byte a second: it is waited for as long as it drips, and no longer', async () => {
    const { origin, proxy } = await twoOf(says(LENGTH_9))
    const client = await RawClient.connect(proxy.port)
    client.send(GET)
    await client.receive('\r\n\r\n')
    let body = ''
    for (const byte of '12345678') {
      proxy.advance(20_000) // All in all longer than any one deadline.
      origin.connections[0].socket.write(byte)
      body += byte
      await client.receive(`\r\n\r\n${body}`)
    }
    expect(client.closed).toBe(false)
    proxy.advance(60_200)
    await client.untilClosed()
    expect(client.text).toMatch(CUT)
    await expectRecovery(proxy, origin)
  })

  test('never reads the upload: the client is stopped, then told, and memory stays flat', async () => {
    const { origin, proxy } = await twoOf(({ socket }) => void socket.pause())
    const client = await RawClient.connect(proxy.port)
    const size = 256 << 20
    client.send(`POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
    const chunk = Buffer.alloc(1 << 20, 'x')
    const more = (): void => {
      while (
        client.socket.writable &&
        client.socket.bytesWritten < size &&
        client.socket.write(chunk)
      );
    }
    client.socket.on('drain', more)
    more()
    const sent = await settled(() => client.socket.bytesWritten)
    expect(sent).toBeLessThan(32 << 20)
    proxy.advance(60_200)
    await client.receive('HTTP/1.1 504 ')
    client.leave()
    expect(origin.text.match(/POST \/post /g)).toHaveLength(1)
    await expectRecovery(proxy, origin)
  })

  test('flaps: no GET fails while another try may be well', async () => {
    const { origin, proxy } = await twoOf(flaps())
    for (let i = 0; i < 10; i++) expect(await RawClient.exchange(proxy.port, GET)).toMatch(WHOLE)
    await expectRecovery(proxy, origin)
  })

  test('comes back on another connection: the first dies, the second is well', async () => {
    const { origin, proxy } = await twoOf(inTurn(closes, understanding(OK)))
    expect(await RawClient.exchange(proxy.port, GET)).toMatch(WHOLE)
    await expectRecovery(proxy, origin)
  })
})

describe('faults to survive: backends', () => {
  test('all down: 503 with Retry-After at once, and no byte goes anywhere', async () => {
    const { origin, proxy } = await twoOf(answering(OK))
    const { balancer } = proxy.proxy
    for (const server of balancer.servers) balancer.setHealthy(server, false, 'test')
    for (const request of [GET, POST]) {
      expect(await RawClient.exchange(proxy.port, request)).toMatch(
        /^HTTP\/1\.1 503 [^]*\r\nRetry-After: \d+\r\n/,
      )
    }
    expect(origin.text).toBe('')
    for (const server of balancer.servers) balancer.setHealthy(server, true, 'test')
    await expectRecovery(proxy, origin)
  })

  test('more than half down: under panic all are tried again, and refusals cost no client an error', async () => {
    const good = await scene.backend(understanding(OK))
    const dead = [await scene.deadUrl(), await scene.deadUrl()]
    const proxy = await scene.proxy({
      servers: [...dead, good.url],
      panic: 0.5,
      retries: { attempts: 2, minPerSecond: 1000 },
    })
    const { balancer } = proxy.proxy
    for (const server of balancer.servers.slice(0, 2)) balancer.setHealthy(server, false, 'test')
    for (const request of [GET, POST, GET, POST, GET, POST]) {
      expect(await RawClient.exchange(proxy.port, request)).toMatch(/^HTTP\/1\.1 200 /)
    }
    expect(good.text.match(/POST \/post /g)).toHaveLength(3)
    expect(proxy.inflight).toBe(0)
  })
})

/** The number that does not change any more over many turns of the loop. */
async function settled(read: () => number): Promise<number> {
  let value = -1
  while (read() !== value) {
    value = read()
    for (let i = 0; i < 300; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  return value
}
