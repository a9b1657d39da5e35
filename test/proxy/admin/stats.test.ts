import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Stats } from '../../../proxy/admin/stats.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Counters } from '../../../proxy/http/counters.ts'
import { Scene } from './scene.ts'

let scene: Scene

beforeEach(() => {
  scene = new Scene([
    new Endpoint('b1', { weight: 3, max: 10 }),
    new Endpoint('b2'),
    new Endpoint('spare', { backup: true }),
  ])
})

afterEach(() => scene.admin.close())

function stats(): Stats {
  return scene.ask('/lb/stats').json as Stats
}

test('before the first request there are zeros, and null for what cannot be said', () => {
  const answer = stats()
  expect(answer).toMatchObject({
    startedAt: '2026-01-02T03:04:05.678Z',
    uptimeSeconds: 0,
    stopping: false,
    strategy: 'weighted_round_robin',
    promise: 'weight',
    eligibleServers: 2,
    inFlight: 0,
    total: { requests: 0, requestsPerSecond: 0, errorRate: null, latency: null },
    lastSecond: null,
    answers: { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, left: 0 },
    retries: { total: 0, byReason: {}, budgetRemaining: 30 },
    refused: {},
  })
  expect(answer.version).toMatch(/^\d+\.\d+\.\d+/)
  expect(
    answer.servers.map((server) => [server.id, server.weight, server.max, server.backup]),
  ).toEqual([
    ['b1', 3, 10, false],
    ['b2', 1, null, false],
    ['spare', 1, null, true],
  ])
})

test('total counts from the start, lastSecond the last whole second', () => {
  for (let i = 0; i < 40; i++) scene.serve(10)
  scene.pass(1000)
  for (let i = 0; i < 20; i++) scene.serve(20, i < 5 ? 'timeout' : 'ok')
  scene.pass(1000)
  scene.serve(30)
  const { total, lastSecond, servers, uptimeSeconds, answers } = stats()
  expect(uptimeSeconds).toBe(2)
  expect(total.requests).toBe(61)
  expect(total.requestsPerSecond).toBe(30.5)
  expect(total.outcomes).toEqual({ ok: 56, error: 0, timeout: 5, refused: 0, aborted: 0 })
  expect(lastSecond!.requests).toBe(20)
  expect(lastSecond!.errorRate).toBe(0.25)
  expect(lastSecond!.latency!.p50).toBeCloseTo(20, 0)
  expect(answers).toMatchObject({ '2xx': 56, '5xx': 5 })
  expect(servers[0].total).toMatchObject({ share: 0.754098, expectedShare: 0.75 })
  expect(servers[0].lastSecond).toMatchObject({ requests: 15, share: 0.75, expectedShare: 0.75 })
  expect(servers[2].lastSecond).toMatchObject({ requests: 0, share: 0, errorRate: null })
})

test('a server is shown with its state and the reason', () => {
  scene.balancer.setHealthy(scene.server('b2'), false, 'connect refused')
  for (let i = 0; i < 10; i++) scene.balancer.acquire(0, 0)
  expect(stats().servers).toMatchObject([
    { id: 'b1', state: 'full', inFlight: 10 },
    { id: 'b2', state: 'down', reason: 'connect refused', inFlight: 0 },
    { id: 'spare', state: 'up' },
  ])
  expect(stats().inFlight).toBe(10)
})

test('retries and refusals are given by their words', () => {
  Counters.increase(scene.counters.retries, 'stale_connection')
  Counters.increase(scene.counters.refused, 'bad_request')
  Counters.increase(scene.counters.refused, 'bad_request')
  scene.series.request(5, 3, 'ok')
  const { retries, refused } = stats()
  expect(retries).toEqual({ total: 2, byReason: { stale_connection: 1 }, budgetRemaining: 30 })
  expect(refused).toEqual({ bad_request: 2 })
})

test('milliseconds have three decimals at most, and there are no raw buckets', () => {
  scene.serve(1 / 3)
  scene.serve(200 / 7)
  const { text } = scene.ask('/lb/stats')
  expect(text).not.toContain('buckets')
  expect(text).toMatch(/"max": 28\.571,?\n/)
  for (const [number] of text.matchAll(/"(?:p\d+|mean|min|max)": [\d.]+/g)) {
    expect(number).not.toMatch(/\.\d{4}/)
  }
})

test('reading changes nothing', () => {
  scene.serve(10)
  scene.pass(1000)
  const first = scene.ask('/lb/stats').text
  expect(scene.ask('/lb/stats').text).toBe(first)
})
