import { expect, test } from 'vitest'
import { SILENT } from '../../../proxy/core/report.ts'
import { Listening, registerListening } from '../../support/listening.ts'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { type Behaviour, OK, type RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

registerListening()
const scene = useScene()

const REPORT = 'Endpoint-Load-Metrics: TEXT named_metrics.rif=4, named_metrics.latency_ms=7\r\n'
const HEARD = { ...SILENT, inflight: 4, latency: 7 }
const PROBED = `HTTP/1.1 204 No Content\r\n${REPORT}\r\n`

/** Requests are answered without a report, probes so. */
function probing(answer: (connection: Parameters<Behaviour>[0]) => void): Behaviour {
  return (connection, chunk) => {
    if (chunk.toString('latin1').startsWith('GET /probe ')) answer(connection)
    else connection.socket.write(OK)
  }
}

const write =
  (text: string): Parameters<typeof probing>[0] =>
  ({ socket }) =>
    socket.write(text)

interface Pair {
  proxy: TestProxy
  strategy: Listening
  /** The one that is looked at; another one is there because a single server is not picked. */
  backend: RecordingBackend
}

async function pair(behaviour: Behaviour, settings: Partial<TestSettings> = {}): Promise<Pair> {
  const backend = await scene.backend(behaviour)
  const other = await scene.backend(probing(write(PROBED)))
  const proxy = await scene.proxy({
    strategy: 'asking',
    servers: [backend.url, other.url],
    ...settings,
  })
  return { proxy, backend, strategy: proxy.proxy.balancer.strategy as Listening }
}

async function request({ proxy }: Pair, path = '/'): Promise<Response> {
  const response = await fetch(proxy.url + path)
  await response.arrayBuffer()
  return response
}

/** The figures of `lb_probes_total` for the server that is looked at, but those that are 0. */
async function outcomes({ proxy }: Pair): Promise<Record<string, number>> {
  const text = await (await fetch(`${proxy.url}/lb/metrics`)).text()
  const lines = text.matchAll(/^lb_probes_total\{server="b1",outcome="(\w+)"\} (\d+)/gm)
  const found = [...lines].map(([, outcome, value]) => [outcome, Number(value)] as const)
  return Object.fromEntries(found.filter(([, value]) => value > 0))
}

async function untilOutcomes(pair: Pair, wanted: Record<string, number>): Promise<void> {
  for (;;) {
    const found = await outcomes(pair)
    if (JSON.stringify(found) === JSON.stringify(wanted)) return
    // A wrong end must not hang.
    const sum = (counts: Record<string, number>) =>
      Object.values(counts).reduce((total, count) => total + count, 0)
    if (sum(found) >= sum(wanted)) expect(found).toEqual(wanted)
  }
}

const probesIn = (backend: RecordingBackend): number => backend.text.split('GET /probe ').length - 1

test('a server that was asked is probed, and what it says is heard', async () => {
  const asked = await pair(probing(write(PROBED)))
  await request(asked)
  await asked.strategy.until(() => asked.strategy.of('b1').length > 0)
  expect(asked.strategy.of('b1')).toEqual([HEARD])
  expect(asked.backend.text).toMatch(/^GET \/probe HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/m)
  expect(asked.backend.text).toContain('User-Agent: evenkeel-probe\r\n')
  expect(await outcomes(asked)).toEqual({ heard: 1 })
})

test('another path can be asked for', async () => {
  const asked = await pair(write(PROBED), { probes: { path: '/load?now', timeout: 1000 } })
  await request(asked)
  await asked.strategy.until(() => asked.strategy.of('b1').length > 0)
  expect(asked.backend.text).toContain('GET /load?now HTTP/1.1\r\n')
})

test('probes are no requests: not in flight, not recorded, not retried', async () => {
  const asked = await pair(probing(() => {}))
  await request(asked)
  await asked.backend.until(() => probesIn(asked.backend) === 1)
  expect(asked.proxy.inflight).toBe(0)
  const stats = (await (await fetch(`${asked.proxy.url}/lb/stats`)).json()) as {
    total: { requests: number }
    servers: { total: { requests: number; attempts: { ok: number } } }[]
  }
  expect(stats.total.requests).toBe(1)
  expect(stats.servers.map(({ total }) => total.attempts.ok)).toEqual([1, 0])
})

test('asking five times in a pick sends one probe', async () => {
  const asked = await pair(probing(write(PROBED)), { strategy: 'insisting' })
  await request(asked)
  await untilOutcomes(asked, { heard: 1 })
  expect(probesIn(asked.backend)).toBe(1)
})

test('the connection is kept for the next probe, with a body as well', async () => {
  for (const answer of [PROBED, `HTTP/1.1 200 OK\r\n${REPORT}Content-Length: 5\r\n\r\nhello`]) {
    const asked = await pair(probing(write(answer)))
    for (let i = 1; i <= 4; i++) {
      await request(asked)
      await untilOutcomes(asked, { heard: i })
    }
    const probed = asked.backend.connections.filter(({ text }) => text.startsWith('GET /probe '))
    expect(probed).toHaveLength(1)
  }
})

test('an answer without end is heard and then cut off', async () => {
  const endless = `HTTP/1.1 200 OK\r\n${REPORT}\r\n${'x'.repeat(20_000)}`
  const asked = await pair(probing(write(endless)))
  await request(asked)
  await untilOutcomes(asked, { heard: 1 })
  const probed = () =>
    asked.backend.connections.filter(({ text }) => text.startsWith('GET /probe '))
  await asked.backend.until(() => probed().every(({ socket }) => socket.destroyed))
  expect(await outcomes(asked)).toEqual({ heard: 1 })
})

test('three probes of a server at most are under way, and give up after their time', async () => {
  const asked = await pair(probing(() => {}))
  for (let i = 1; i <= 5; i++) {
    await request(asked)
    await asked.strategy.until(() => asked.strategy.of('b2').length >= i)
  }
  await asked.backend.until(() => probesIn(asked.backend) === 3)
  expect(await outcomes(asked)).toEqual({ skipped: 2 })
  asked.proxy.advance(900)
  expect(await outcomes(asked)).toEqual({ skipped: 2 })
  asked.proxy.advance(100)
  await untilOutcomes(asked, { timeout: 3, skipped: 2 })
  const probed = asked.backend.connections.filter(({ text }) => text.startsWith('GET /probe '))
  await asked.backend.until(() => probed.every(({ socket }) => socket.destroyed))
  await request(asked)
  await asked.backend.until(() => probesIn(asked.backend) === 4)
  expect(asked.strategy.of('b1')).toEqual([])
})

test.each([
  ['a server that does not know the path', `HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n`],
  [
    'one that says so with a report',
    `HTTP/1.1 404 Not Found\r\n${REPORT}Content-Length: 0\r\n\r\n`,
  ],
  ['one that gives no report', 'HTTP/1.1 204 No Content\r\n\r\n'],
  ['one that gives nonsense', 'HTTP/1.1 204 No Content\r\nendpoint-load-metrics: hi\r\n\r\n'],
])('%s is not heard, and that is told once', async (_, answer) => {
  const asked = await pair(probing(write(answer)))
  for (let i = 1; i <= 3; i++) {
    await request(asked)
    await untilOutcomes(asked, { silent: i })
  }
  expect(asked.strategy.of('b1')).toEqual([])
  expect(asked.proxy.warnings).toEqual([
    expect.stringMatching(
      /^server "b1" says nothing of its load at \/probe \(status (404|204), no usable endpoint-load-metrics\): asking chooses without its word$/,
    ),
  ])
})

test('a probe that fails is nobody’s business', async () => {
  for (const answer of [
    write(`HTTP/1.1 503 Service Unavailable\r\n${REPORT}Content-Length: 0\r\n\r\n`),
    write('nonsense\r\n\r\n'),
    ({ socket }: Parameters<Behaviour>[0]) => socket.destroy(),
  ]) {
    const asked = await pair(probing(answer))
    expect((await request(asked)).status).toBe(200)
    await untilOutcomes(asked, { failed: 1 })
    expect(asked.strategy.of('b1')).toEqual([])
    expect(asked.proxy.warnings).toEqual([])
    expect(asked.proxy.proxy.balancer.servers[0].state).toBe('up')
  }
})

test('a server that is not there cannot be asked, and its requests go on elsewhere', async () => {
  const other = await scene.backend(probing(write(PROBED)))
  const proxy = await scene.proxy({
    strategy: 'asking',
    servers: [await scene.deadUrl(), other.url],
  })
  const asked = { proxy, backend: other, strategy: proxy.proxy.balancer.strategy as Listening }
  expect((await request(asked)).status).toBe(200)
  await untilOutcomes(asked, { failed: 1 })
})

test('a proxy that stops does not wait for its probes', async () => {
  const asked = await pair(probing(() => {}))
  await request(asked)
  await asked.backend.until(() => probesIn(asked.backend) === 1)
  asked.proxy.advance(100)
  const stopped = asked.proxy.proxy.stop()
  asked.proxy.advance(1000)
  await stopped
  const probed = asked.backend.connections.filter(({ text }) => text.startsWith('GET /probe '))
  await asked.backend.until(() => probed.every(({ socket }) => socket.destroyed))
})

test('nobody is probed by a strategy that only listens, or does neither', async () => {
  for (const strategy of ['listening', 'round_robin']) {
    const asked = await pair(probing(write(PROBED)), { strategy })
    await request(asked)
    await request(asked)
    expect(await outcomes(asked)).toEqual({})
    expect(probesIn(asked.backend)).toBe(0)
  }
})

test('a report that comes with an answer is heard before the answer has ended, and goes on to the client', async () => {
  const asked = await pair(
    ({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\n${REPORT}Content-Length: 2\r\n\r\n`)
    },
    { strategy: 'listening' },
  )
  const response = await fetch(asked.proxy.url)
  expect(asked.strategy.of('b1')).toEqual([HEARD])
  expect(asked.proxy.inflight).toBe(1)
  expect(response.headers.get('endpoint-load-metrics')).toBe(
    'TEXT named_metrics.rif=4, named_metrics.latency_ms=7',
  )
  asked.backend.connections[0].socket.write('ok')
  expect(await response.text()).toBe('ok')
})

test('reports of failed requests are heard, of interim answers not', async () => {
  const asked = await pair(
    ({ socket }) => {
      const interim = REPORT.replace('rif=4', 'rif=9')
      socket.write(`HTTP/1.1 103 Early Hints\r\n${interim}\r\n`)
      socket.write(`HTTP/1.1 500 Oh\r\n${REPORT}Content-Length: 0\r\n\r\n`)
    },
    { strategy: 'listening' },
  )
  expect((await request(asked)).status).toBe(500)
  expect(asked.strategy.of('b1')).toEqual([HEARD])
})
