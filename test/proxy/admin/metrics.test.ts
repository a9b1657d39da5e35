import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import { Counters } from '../../../proxy/http/counters.ts'
import { type ParsedFamily, parseExposition } from './exposition.ts'
import { Scene } from './scene.ts'
import { findStrategy, resolveStrategy } from '../../../proxy/strategies/index.ts'

let scene: Scene

afterEach(() => scene.admin.close())

async function scrape(): Promise<Map<string, ParsedFamily>> {
  const request = scene.ask('/lb/metrics')
  await request.whole
  expect(request.status).toBe(200)
  expect(request.answer.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return parseExposition(request.text)
}

const ascending = (a: number, b: number): number => a - b

/** The values of a family that have these labels. */
function values(families: Map<string, ParsedFamily>, name: string, labels = {}): number[] {
  return [...families.get(name)!.series.values()]
    .filter((series) =>
      Object.entries(labels).every(([key, value]) => series.labels[key] === value),
    )
    .map((series) => series.value)
}

test('a scrape of a proxy that has done nothing is well formed and has every family', async () => {
  scene = new Scene()
  const families = await scrape()
  const types = Object.fromEntries([...families].map(([name, { type }]) => [name, type]))
  expect(types).toMatchObject({
    lb_requests_total: 'counter',
    lb_attempts_total: 'counter',
    lb_in_flight: 'gauge',
    lb_request_duration_seconds: 'histogram',
    lb_connect_seconds: 'histogram',
    lb_retries_total: 'counter',
    lb_sticky_total: 'counter',
    lb_retry_budget_remaining: 'gauge',
    lb_config_last_reload_success: 'gauge',
    lb_config_last_reload_success_timestamp_seconds: 'gauge',
    lb_queue: 'gauge',
    lb_panic: 'gauge',
    lb_panic_picks_total: 'counter',
    lb_server_up: 'gauge',
    lb_server_state: 'gauge',
    lb_server_weight: 'gauge',
    lb_picks_total: 'counter',
    lb_excluded_total: 'counter',
    lb_log_dropped_total: 'counter',
    lb_strategy_info: 'gauge',
    lb_probes_total: 'counter',
    lb_tunnels: 'gauge',
    lb_tunnels_total: 'counter',
    lb_tunnel_bytes_total: 'counter',
    process_cpu_seconds_total: 'counter',
    process_resident_memory_bytes: 'gauge',
    nodejs_eventloop_lag_p99_seconds: 'gauge',
  })
  for (const { help } of families.values()) expect(help).toMatch(/\.$/)
})

test('what was counted is what is shown', async () => {
  scene = new Scene()
  for (let i = 0; i < 8; i++) scene.serve(20)
  scene.serve(5, 'refused')
  scene.pass(1000)
  scene.serve(700)
  scene.balancer.acquire(0, 0)
  Counters.increase(scene.counters.retries, 'refused')
  Counters.increase(scene.counters.refused, 'no_server')
  scene.counters.connect.record(4)
  scene.balancer.setHealthy(scene.server('b2'), false, 'check failed')
  const families = await scrape()
  expect(values(families, 'lb_requests_total', { code_class: '2xx' })).toEqual([9])
  expect(values(families, 'lb_attempts_total', { outcome: 'ok' }).reduce((a, b) => a + b)).toBe(9)
  expect(values(families, 'lb_attempts_total', { outcome: 'refused' }).toSorted(ascending)).toEqual(
    [0, 1],
  )
  expect(values(families, 'lb_picks_total').reduce((a, b) => a + b)).toBe(11)
  expect(values(families, 'lb_in_flight').toSorted(ascending)).toEqual([0, 1])
  expect(values(families, 'lb_retries_total', { reason: 'refused' })).toEqual([1])
  expect(values(families, 'lb_refused_total', { error: 'no_server' })).toEqual([1])
  expect(values(families, 'lb_server_up', { server: 'b1', source: 'active' })).toEqual([1])
  expect(values(families, 'lb_server_up', { server: 'b2', source: 'active' })).toEqual([0])
  expect(values(families, 'lb_server_state', { server: 'b2', state: 'down' })).toEqual([1])
  expect(values(families, 'lb_server_weight', { kind: 'configured' })).toEqual([3, 1])
})

describe('proxy-behaviour 6: lb_picks_total{strategy,server}', () => {
  test('another strategy begins a count of its own, and what was counted stays', async () => {
    scene = new Scene()
    for (let i = 0; i < 8; i++) scene.serve(20)
    scene.balancer.useStrategy(findStrategy('round_robin')!)
    for (let i = 0; i < 6; i++) scene.serve(20)
    scene.balancer.useStrategy(findStrategy('weighted_round_robin')!)
    for (let i = 0; i < 4; i++) scene.serve(20)
    const families = await scrape()
    const of = (strategy: string): number[] => values(families, 'lb_picks_total', { strategy })
    expect(of('weighted_round_robin')).toEqual([9, 3])
    expect(of('round_robin')).toEqual([3, 3])
    const info = [...families.get('lb_strategy_info')!.series.values()]
    expect(info.map(({ labels }) => labels)).toEqual([
      { strategy: 'weighted_round_robin', promise: 'weight' },
    ])
  })
})

describe('proxy-behaviour 6: lb_excluded_total{server,reason}', () => {
  /** By reason, those above 0. */
  async function excluded(id: string): Promise<Record<string, number>> {
    const families = await scrape()
    const all = [...families.get('lb_excluded_total')!.series.values()]
    const mine = all.filter(({ labels, value }) => labels['server'] === id && value > 0)
    return Object.fromEntries(mine.map(({ labels, value }) => [labels['reason'], value]))
  }

  test('counts the requests that went to others while a server was passed over, by reason', async () => {
    const [b1, b2, b3] = ['b1', 'b2', 'b3'].map((id) => new Endpoint(id))
    scene = new Scene([b1, b2, b3])
    for (let i = 0; i < 3; i++) scene.serve(20)
    scene.balancer.setAdmin(b2, 'drain')
    for (let i = 0; i < 4; i++) scene.serve(20)
    scene.balancer.setAdmin(b2, 'maint')
    scene.serve(20)
    scene.balancer.setAdmin(b2, 'ready')
    scene.balancer.setHealthy(b2, false)
    for (let i = 0; i < 5; i++) scene.serve(20)
    expect(await excluded('b2')).toEqual({ draining: 4, maint: 1, down: 5 })
    expect(await excluded('b1')).toEqual({})
    scene.balancer.setHealthy(b2, true)
    scene.balancer.setWeight(b2, 0)
    for (let i = 0; i < 2; i++) scene.serve(20)
    expect(await excluded('b2')).toEqual({ draining: 4, maint: 1, down: 5, weight: 2 })
    expect(await excluded('b3')).toEqual({})
  })

  test('a full one, a backup that is not needed, one that no check has judged, one that was tried before', async () => {
    const busy = new Endpoint('b1', { max: 1 })
    const unproven = new Endpoint('b4')
    unproven.healthy = false
    unproven.unproven = true
    scene = new Scene([busy, new Endpoint('b2'), new Endpoint('b3', { backup: true }), unproven])
    const { balancer } = scene
    while (busy.inflight === 0) {
      const server = balancer.acquire(0, 0)!
      if (server !== busy) balancer.release(server, 1, 'ok')
    }
    const before = await excluded('b3')
    balancer.release(balancer.acquire(0, 0)!, 1, 'ok')
    expect(await excluded('b1')).toEqual({ full: 1 })
    expect(await excluded('b3')).toEqual({ backup: before['backup'] + 1 })
    expect(await excluded('b4')).toEqual({ checking: before['backup'] + 1 })
    balancer.release(busy, 1, 'ok')
    balancer.release(balancer.acquire(0, 1, [busy])!, 1, 'ok')
    expect(await excluded('b1')).toEqual({ full: 1, tried: 1 })
  })

  test('those outside the subset that the strategy uses', async () => {
    scene = new Scene([new Endpoint('b1'), new Endpoint('b2'), new Endpoint('b3')])
    const resolved = resolveStrategy({ name: 'aperture', size: 2, subset: 'hash' })
    if (!('factory' in resolved)) throw new Error('no such strategy')
    scene.balancer.useStrategy(resolved.factory)
    const used = new Set<string>()
    for (let i = 0; i < 20; i++) used.add(scene.serve(20).id)
    expect(used.size).toBe(2)
    for (const { id } of scene.balancer.servers) {
      expect(await excluded(id)).toEqual(used.has(id) ? {} : { subset: 20 })
    }
  })

  test('a server that was removed takes its lines along, and one of the same name begins at 0', async () => {
    scene = new Scene()
    const b2 = scene.server('b2')
    scene.balancer.setAdmin(b2, 'drain')
    scene.serve(20)
    expect(await excluded('b2')).toEqual({ draining: 1 })
    scene.balancer.remove(b2)
    const families = await scrape()
    expect(values(families, 'lb_excluded_total', { server: 'b2' })).toEqual([])
    expect(values(families, 'lb_picks_total', { server: 'b2' })).toEqual([])
    scene.balancer.add(new Endpoint('b2'))
    expect(await excluded('b2')).toEqual({})
  })
})

test('proxy-behaviour 6: lines that the access log has lost are counted', async () => {
  scene = new Scene()
  scene.lost = 3
  expect(values(await scrape(), 'lb_log_dropped_total')).toEqual([3])
})

test('durations are in seconds', async () => {
  scene = new Scene([new Endpoint('b1')])
  for (const latency of [4, 12, 18, 700]) scene.serve(latency)
  const families = await scrape()
  const name = 'lb_request_duration_seconds'
  const upTo = (le: string): number[] => values(families, name, { server: 'b1', le })
  expect(upTo('0.003')).toEqual([0])
  expect(upTo('0.005')).toEqual([1])
  expect(upTo('0.015')).toEqual([2])
  expect(upTo('0.5')).toEqual([3])
  expect(upTo('0.75')).toEqual([4])
  expect(upTo('+Inf')).toEqual([4])
  const sums = [...families.get(name)!.series.values()].filter((one) => one.name === `${name}_sum`)
  expect(sums.map((one) => one.value)).toEqual([0.734])
})

test("a removed server's lines go", async () => {
  scene = new Scene()
  scene.serve(10)
  scene.balancer.remove(scene.server('b2'))
  scene.pass(100)
  const families = await scrape()
  for (const family of families.values()) {
    for (const { labels } of family.series.values()) expect(labels['server']).not.toBe('b2')
  }
})

test('a client that leaves during a scrape gets nothing', async () => {
  scene = new Scene()
  const request = scene.ask('/lb/metrics')
  request.owner!.onLeft()
  const other = scene.ask('/lb/metrics')
  await other.whole
  expect(request.status).toBe(0)
})

describe('whatever happens', () => {
  test('a scrape is well formed, and names come back as they were', async () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })
    const event = fc.record({
      latency: fc.double({ min: 0, max: 1e6, noNaN: true }),
      outcome: fc.constantFrom(...OUTCOMES),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
        fc.array(event, { maxLength: 30 }),
        async (names, events) => {
          scene = new Scene(names.map((id) => new Endpoint(id)))
          for (const { latency, outcome } of events) scene.serve(latency, outcome)
          const families = await scrape()
          scene.admin.close()
          const shown = [...families.get('lb_in_flight')!.series.values()]
          expect(shown.map((series) => series.labels['server'])).toEqual(names)
          expect(values(families, 'lb_attempts_total').reduce((a, b) => a + b)).toBe(events.length)
        },
      ),
      { numRuns: 40 },
    )
  })
})

test('probes are counted for the servers that are asked', async () => {
  scene = new Scene()
  expect(values(await scrape(), 'lb_probes_total')).toEqual([])
  const counts = { heard: 5, silent: 4, failed: 3, timeout: 2, skipped: 1 }
  scene.probed.set(scene.server('b2'), counts)
  const families = await scrape()
  expect(values(families, 'lb_probes_total')).toEqual([5, 4, 3, 2, 1])
  expect(values(families, 'lb_probes_total', { server: 'b2', outcome: 'timeout' })).toEqual([2])
})
