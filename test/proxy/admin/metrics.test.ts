import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import { Counters } from '../../../proxy/http/counters.ts'
import { type ParsedFamily, parseExposition } from './exposition.ts'
import { Scene } from './scene.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

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
    lb_retry_budget_remaining: 'gauge',
    lb_queue: 'gauge',
    lb_panic: 'gauge',
    lb_panic_picks_total: 'counter',
    lb_server_up: 'gauge',
    lb_server_state: 'gauge',
    lb_server_weight: 'gauge',
    lb_picks_total: 'counter',
    lb_strategy_info: 'gauge',
    lb_probes_total: 'counter',
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

test('picks stay counted when the strategy changes, and nothing says another has made them', async () => {
  scene = new Scene()
  for (let i = 0; i < 8; i++) scene.serve(20)
  const before = await scrape()
  scene.balancer.useStrategy(findStrategy('least_connections')!)
  const after = await scrape()
  const picks = after.get('lb_picks_total')!
  expect(picks).toEqual(before.get('lb_picks_total'))
  expect([...picks.series.values()].map(({ labels }) => labels)).toEqual([
    { server: 'b1' },
    { server: 'b2' },
  ])
  const info = [...after.get('lb_strategy_info')!.series.values()]
  expect(info.map(({ labels }) => labels)).toEqual([
    { strategy: 'least_connections', promise: 'adaptive' },
  ])
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
