import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Stats } from '../../../proxy/admin/stats.ts'
import { RawClient } from '../../support/raw-client.ts'
import type { TestProxy, TestSettings } from '../../support/proxy.ts'
import { useScene } from '../../support/scene.ts'
import { parseExposition } from './exposition.ts'

/** Section 6, line by line, over real sockets. */
const scene = useScene()

const END = 'Host: a\r\nConnection: close\r\n\r\n'

async function get(proxy: TestProxy, path: string, method = 'GET'): Promise<string> {
  return RawClient.exchange(proxy.port, `${method} ${path} HTTP/1.1\r\n${END}`)
}

async function json<T>(proxy: TestProxy, path: string): Promise<T> {
  const text = await get(proxy, path)
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as T
}

/** Two servers, the first of them dead, that have had some requests. */
async function used(more: Partial<TestSettings> = {}): Promise<TestProxy> {
  const servers = [await scene.deadUrl(), (await scene.backend()).url]
  const proxy = await scene.proxy({ servers, strategy: 'weighted_round_robin', seed: 3, ...more })
  for (let i = 0; i < 4; i++) expect(await get(proxy, '/')).toMatch(/^HTTP\/1\.1 200 /)
  proxy.advance(100)
  return proxy
}

describe('proxy-behaviour 6: GET /lb/stats', () => {
  test('totals; per server state and reason, weight, in flight, requests, attempts by outcome, error rate, latencies, share against expected share; and the queue', async () => {
    const proxy = await used()
    const stats = await json<Stats>(proxy, '/lb/stats')
    expect(stats).toMatchObject({
      strategy: 'weighted_round_robin',
      inFlight: 0,
      waiting: 0, // One line in front of all servers: none of them has a queue of its own.
      panic: { now: false, requests: 0 },
      total: { requests: 4, errorRate: 0 },
      answers: { '2xx': 4 },
      retries: { total: 2, byReason: { refused: 2 } },
    })
    const [dead, well] = stats.servers
    expect(dead).toMatchObject({ id: 'b1', state: 'up', reason: '', weight: 1, inFlight: 0 })
    expect(dead.total).toMatchObject({
      errorRate: 1,
      attempts: { refused: 2, ok: 0 },
      latency: null,
    })
    expect(well.total).toMatchObject({
      requests: 2,
      share: 0.5,
      expectedShare: 0.5,
      errorRate: 0,
      attempts: { ok: 4, error: 0, timeout: 0, refused: 0, aborted: 0 },
    })
    for (const name of ['p50', 'p90', 'p99', 'p999', 'max'] as const) {
      expect(well.total.latency![name]).toBeGreaterThanOrEqual(0)
    }
    proxy.proxy.balancer.setHealthy(proxy.proxy.balancer.servers[0], false, 'connect refused')
    const [down] = (await json<Stats>(proxy, '/lb/stats')).servers
    expect(down).toMatchObject({ state: 'down', reason: 'connect refused' })
  })
})

/** As section 6 names them, with their labels. */
const METRICS: Record<string, { type: string; labels: string[] }> = {
  lb_requests_total: { type: 'counter', labels: ['code_class'] },
  lb_attempts_total: { type: 'counter', labels: ['server', 'outcome'] },
  lb_in_flight: { type: 'gauge', labels: ['server'] },
  lb_queue: { type: 'gauge', labels: [] },
  lb_request_duration_seconds: { type: 'histogram', labels: ['server'] },
  lb_connect_seconds: { type: 'histogram', labels: [] },
  lb_retries_total: { type: 'counter', labels: ['reason'] },
  lb_retry_budget_remaining: { type: 'gauge', labels: [] },
  lb_server_up: { type: 'gauge', labels: ['server', 'source'] },
  lb_server_state: { type: 'gauge', labels: ['server', 'state'] },
  lb_server_weight: { type: 'gauge', labels: ['server', 'kind'] },
  lb_picks_total: { type: 'counter', labels: ['strategy', 'server'] },
  lb_excluded_total: { type: 'counter', labels: ['server', 'reason'] },
  lb_panic: { type: 'gauge', labels: [] },
  lb_config_last_reload_success: { type: 'gauge', labels: [] },
}

async function metrics(proxy: TestProxy): Promise<ReturnType<typeof parseExposition>> {
  const text = await get(proxy, '/lb/metrics')
  return parseExposition(text.slice(text.indexOf('\r\n\r\n') + 4))
}

describe('proxy-behaviour 6: metrics', () => {
  test('have exactly these names and labels', async () => {
    const families = await metrics(await used())
    for (const [name, { labels, type }] of Object.entries(METRICS)) {
      const family = families.get(name)
      expect([name, family?.type]).toEqual([name, type])
      const [series] = family!.series.values()
      const own = Object.keys(series.labels).filter((label) => label !== 'le')
      expect([name, own]).toEqual([name, labels])
    }
  })

  test('the histogram has fine buckets: below a second no bound is more than twice the one before', async () => {
    const families = await metrics(await used())
    const series = [...families.get('lb_request_duration_seconds')!.series.values()]
    const mine = series.filter(({ labels }) => labels['server'] === 'b2' && 'le' in labels)
    const bounds = mine.map(({ labels }) => Number(labels['le'].replace('+Inf', 'Infinity')))
    const fine = bounds.filter((bound) => bound <= 1)
    expect(fine.length).toBeGreaterThanOrEqual(20)
    fine.forEach((bound, i) => i > 0 && expect(bound / fine[i - 1]).toBeLessThanOrEqual(2))
    expect(bounds.at(-1)).toBe(Infinity)
  })

  test('labels are bounded by the servers configured, and the lines of one that is removed go with it', async () => {
    const proxy = await used()
    const lines = async (): Promise<Set<string>> => {
      const all = [...(await metrics(proxy)).values()].flatMap(({ series }) => [...series.values()])
      return new Set(all.flatMap(({ labels }) => labels['server'] ?? []))
    }
    for (let i = 0; i < 20; i++) await get(proxy, `/${i}?${i}`)
    expect(await lines()).toEqual(new Set(['b1', 'b2']))
    proxy.proxy.servers.remove(proxy.proxy.servers.find('b1')!)
    expect(await lines()).toEqual(new Set(['b2']))
  })
})

describe('proxy-behaviour 6: health, readiness, events, and where they are', () => {
  test('/lb/health is 200 while the process lives; /lb/ready is 503 with no eligible server, and while draining', async () => {
    const { backend, proxy } = await scene.pair({}, () => {})
    expect(await get(proxy, '/lb/health')).toMatch(/^HTTP\/1\.1 200 [^]*"ok"/)
    expect(await get(proxy, '/lb/ready')).toMatch(/^HTTP\/1\.1 200 [^]*"ready"/)
    const { balancer } = proxy.proxy
    balancer.setHealthy(balancer.servers[0], false)
    expect(await get(proxy, '/lb/ready')).toMatch(
      /^HTTP\/1\.1 503 [^]*Retry-After: 1\r\n[^]*no eligible/,
    )
    expect(await get(proxy, '/lb/health')).toMatch(/^HTTP\/1\.1 200 /)
    balancer.setHealthy(balancer.servers[0], true)
    const held = await RawClient.connect(proxy.port)
    held.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await backend.until(() => backend.text !== '')
    const late = await RawClient.connect(proxy.port)
    late.send('GET /lb/ready HTTP/1.1\r\nHost: a\r\n\r\n')
    await late.receive('ready')
    void proxy.proxy.stop()
    late.send(`GET /lb/ready HTTP/1.1\r\n${END}`)
    await late.untilClosed()
    expect(late.text).toMatch(/HTTP\/1\.1 503 [^]*"reason":"stopping"/)
    held.leave()
  })

  test('/lb/events is a stream of one Snapshot a second', async () => {
    const { proxy } = await scene.pair()
    const viewer = await RawClient.connect(proxy.port)
    viewer.send('GET /lb/events HTTP/1.1\r\nHost: a\r\n\r\n')
    await viewer.receive('event: hello')
    for (let i = 0; i < 20; i++) proxy.advance(100)
    await viewer.until(() => viewer.text.split('event: snapshot').length === 3)
    expect(viewer.text).toMatch(/\r\nContent-Type: text\/event-stream\r\n/)
    const [, snapshot] = /event: snapshot\ndata: (.*)\n/.exec(viewer.text)!
    expect(JSON.parse(snapshot)).toMatchObject({ span: 1000, waiting: 0, panic: false })
    viewer.leave()
  })

  test('the prefix can be moved, or switched off; then a server has these paths', async () => {
    const moved = await scene.pair({ stats: { prefix: '/eyes/of' } })
    expect(await get(moved.proxy, '/eyes/of/health')).toMatch(/^HTTP\/1\.1 200 [^]*"ok"/)
    expect(await get(moved.proxy, '/lb/health')).toMatch(/\r\n\r\nok$/)
    expect(moved.backend.text).toMatch(/^GET \/lb\/health /)
    const off = await scene.pair({ stats: false })
    expect(await get(off.proxy, '/lb/stats')).toMatch(/\r\n\r\nok$/)
    expect(off.backend.text).toMatch(/^GET \/lb\/stats /)
  })

  test('nothing on the main port changes anything: other methods than GET and HEAD are refused', async () => {
    const { backend, proxy } = await scene.pair()
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const path of ['/lb/stats', '/lb/servers/b1', '/lb/strategy', '/lb/reload']) {
        expect(await get(proxy, path, method)).toMatch(
          /^HTTP\/1\.1 405 [^]*\r\nAllow: GET, HEAD\r\n/,
        )
      }
    }
    expect(await get(proxy, '/lb/stats', 'HEAD')).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/)
    expect(backend.text).toBe('')
  })
})

interface Line {
  queue: number
  connect: number
  response: number
  total: number
  end: string
  attempts: Record<string, unknown>[]
}

test('proxy-behaviour 6: the access log has the attempts as lists with their timers, timers as HAProxy splits them, and one word', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  scene.atEnd(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'access.log')
  const proxy = await used({ accessLog: { file } })
  await proxy.proxy.stop()
  const lines = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
  expect(lines).toHaveLength(4)
  const tried = lines.find(({ attempts }) => attempts.length === 2)!
  const [first, second] = tried.attempts
  expect(Object.keys(first)).toEqual([
    'server',
    'outcome',
    'start',
    'connect',
    'first_byte',
    'total',
  ])
  expect(first).toMatchObject({ server: 'b1', outcome: 'refused', connect: -1, first_byte: -1 })
  expect(second).toMatchObject({ server: 'b2', outcome: 'ok' })
  for (const { connect, end, queue, response, total } of lines) {
    for (const timer of [queue, connect, response, total]) expect(timer).toBeGreaterThanOrEqual(0)
    expect(total).toBeGreaterThanOrEqual(connect + response)
    expect(end).toMatch(/^[a-z_]+$/)
  }
})
