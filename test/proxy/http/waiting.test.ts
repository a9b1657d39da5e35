import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ask, GET, POST, statsOf } from '../../support/asking.ts'
import type { TestProxy } from '../../support/proxy.ts'
import { RawClient } from '../../support/raw-client.ts'
import { answering, OK, type RecordingBackend } from '../../support/recording-backend.ts'
import { useScene } from '../../support/scene.ts'

const scene = useScene()

const named = (path: string): string => `GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`

/** The paths that a backend was asked for, in order. */
function pathsOf(backend: RecordingBackend): string {
  return [...backend.text.matchAll(/GET \/(\w*) /g)].map(([, path]) => path).join('')
}

/** Sends a request, and resolves when it is in flight or waits; moves no time. */
async function send(proxy: TestProxy, text: string): Promise<RawClient> {
  const { line } = proxy.proxy
  const before = proxy.inflight + line.length
  const client = await RawClient.connect(proxy.port)
  client.send(text)
  while (proxy.inflight + line.length === before) await turn()
  return client
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function answer(backend: RecordingBackend): void {
  backend.connections[0].socket.write(OK)
}

describe('section 2: while every server is full', () => {
  test('requests wait, and are served in the order they came, over the same connection', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    proxy.proxy.balancer.setMax(proxy.proxy.balancer.servers[0], 1)
    const clients: RawClient[] = []
    for (const path of 'abcd') clients.push(await send(proxy, named(path)))
    await backend.until(() => pathsOf(backend) === 'a')
    expect((await statsOf(proxy)).waiting).toBe(3)
    expect(await (await fetch(`${proxy.url}/lb/metrics`)).text()).toContain('lb_queue 3\n')
    expect((await fetch(`${proxy.url}/lb/ready`)).status).toBe(200)
    for (const [i, client] of clients.entries()) {
      answer(backend)
      await client.receive('\r\n\r\nok')
      await backend.until(() => pathsOf(backend) === 'abcd'.slice(0, i + 2))
      expect(proxy.inflight).toBe(i < 3 ? 1 : 0)
    }
    expect(backend.connections).toHaveLength(1)
    expect(proxy.proxy.line.length).toBe(0)
  })

  test('one that waits longer than the timeout gets 503 with Retry-After, and no server sees it', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    proxy.proxy.balancer.setMax(proxy.proxy.balancer.servers[0], 1)
    await send(proxy, named('a'))
    const waiting = await send(proxy, POST)
    proxy.advance(4900)
    expect(waiting.text).toBe('')
    proxy.advance(100)
    const text = await waiting.receive('queue_timeout')
    expect(text).toMatch(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n/)
    expect([pathsOf(backend), proxy.proxy.line.length, proxy.inflight]).toEqual(['a', 0, 1])
    expect(proxy.proxy.counters.refused).toEqual({ queue_timeout: 1 })
  })

  test('no longer than the whole request may take', async () => {
    const { proxy } = await scene.pair(
      { queue: { length: 9, timeout: 90_000 }, timeouts: { response: 90_000, total: 2000 } },
      () => {},
    )
    proxy.proxy.balancer.setMax(proxy.proxy.balancer.servers[0], 1)
    await send(proxy, POST)
    const waiting = await send(proxy, GET)
    proxy.advance(2000)
    await waiting.receive('queue_timeout')
    expect(proxy.proxy.line.length).toBe(0)
  })

  test('one more than may wait gets 503 at once', async () => {
    const { proxy } = await scene.pair({ queue: { length: 2, timeout: 5000 } }, () => {})
    proxy.proxy.balancer.setMax(proxy.proxy.balancer.servers[0], 1)
    for (let i = 0; i < 3; i++) await send(proxy, GET)
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 503 [^]*\r\nRetry-After: 1\r\n[^]*queue_full/)
    expect(proxy.proxy.line.length).toBe(2)
  })

  test('everybody gets 503 at once where waiting is switched off', async () => {
    const { proxy } = await scene.pair({ queue: false }, () => {})
    proxy.proxy.balancer.setMax(proxy.proxy.balancer.servers[0], 1)
    await send(proxy, GET)
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 503 [^]*queue_full/)
  })

  test('a client that leaves leaves the line, and nothing of it reaches a server', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    proxy.proxy.balancer.setMax(proxy.proxy.balancer.servers[0], 1)
    const first = await send(proxy, named('a'))
    const leaver = await send(proxy, named('b'))
    const last = await send(proxy, named('c'))
    leaver.leave()
    while (proxy.proxy.line.length === 2) await turn()
    answer(backend)
    await first.receive('ok')
    await backend.until(() => pathsOf(backend) === 'ac')
    answer(backend)
    await last.receive('ok')
    expect([proxy.inflight, proxy.proxy.line.length]).toEqual([0, 0])
    expect(proxy.proxy.series.total().requests.outcomes).toMatchObject({ ok: 2, aborted: 1 })
  })

  test('room that comes by a health check, a limit or an operator is given at the next tick', async () => {
    const { proxy, backend } = await scene.pair({}, () => {})
    const { balancer } = proxy.proxy
    balancer.setMax(balancer.servers[0], 1)
    await send(proxy, named('a'))
    await send(proxy, named('b'))
    balancer.setMax(balancer.servers[0], 2)
    proxy.advance(100)
    await backend.until(() => pathsOf(backend) === 'ab')
    expect(proxy.inflight).toBe(2)
  })

  test('nobody waits for servers that are down: 503 at once', async () => {
    const { proxy } = await scene.pair({}, () => {})
    const { balancer } = proxy.proxy
    balancer.setMax(balancer.servers[0], 1)
    await send(proxy, GET)
    balancer.setHealthy(balancer.servers[0], false)
    expect(await ask(proxy)).toMatch(/^HTTP\/1\.1 503 [^]*no_server/)
  })

  test('the proxy that ends answers those who wait', async () => {
    const { proxy } = await scene.pair({ timeouts: { stop: 1000 } }, () => {})
    proxy.proxy.balancer.setMax(proxy.proxy.balancer.servers[0], 1)
    await send(proxy, GET)
    const waiting = await send(proxy, GET)
    const stopped = proxy.proxy.stop()
    proxy.advance(1000)
    expect(await waiting.receive('stopping')).toMatch(/^HTTP\/1\.1 503 /)
    proxy.advance(200)
    await stopped
    expect([proxy.inflight, proxy.proxy.line.length]).toEqual([0, 0])
  })
})

test('section 2: a retry waits as well, at the end of the line', async () => {
  const busy = await scene.backend(() => {})
  const proxy = await scene.proxy({
    // The one that refuses is out at once, or it would be tried once more: it is the only one with room.
    ejection: { consecutive: 1, base: 10_000, max: 10_000, share: 0.5 },
    servers: [
      { url: await scene.deadUrl(), max: 1 },
      { url: busy.url, max: 1 },
    ],
  })
  const { balancer } = proxy.proxy
  const [dead] = balancer.servers
  balancer.setAdmin(dead, 'drain')
  const first = await send(proxy, named('a'))
  const second = await send(proxy, named('b'))
  balancer.setAdmin(dead, 'ready')
  proxy.advance(100) // b goes to the dead one, and comes back to the line.
  while (proxy.proxy.counters.retries['refused'] === undefined) await turn()
  expect(proxy.proxy.line.length).toBe(1)
  busy.behaviour = answering(OK)
  answer(busy)
  await first.receive('ok')
  expect(await second.receive('ok')).toMatch(/^HTTP\/1\.1 200 /)
  expect([proxy.inflight, proxy.proxy.line.length]).toEqual([0, 0])
})

test('section 6: the access log has the time in the queue, and how it ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'access.log')
  const { proxy, backend } = await scene.pair({ accessLog: { file } }, () => {})
  proxy.proxy.balancer.setMax(proxy.proxy.balancer.servers[0], 1)
  const first = await send(proxy, named('a'))
  const second = await send(proxy, named('b'))
  proxy.advance(1000)
  const third = await send(proxy, named('c'))
  answer(backend)
  await first.receive('ok')
  await backend.until(() => pathsOf(backend) === 'ab')
  proxy.advance(5000)
  await third.receive('queue_timeout')
  answer(backend)
  await second.receive('ok')
  for (const client of [first, second, third]) client.leave()
  await proxy.proxy.stop()
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(told.map(({ end, queue, target, total }) => [target, end, queue, total])).toEqual([
    ['/a', 'ok', 0, 1000],
    ['/c', 'queue_timeout', 5000, 5000],
    ['/b', 'ok', 1000, 6000],
  ])
})
