import { expect, test } from 'vitest'
import { LOOK_BACK, Recent } from '../../../experiments/live/recent.ts'
import { Balancer } from '../../../proxy/core/balancer.ts'
import { Clock } from '../../../proxy/core/clock.ts'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Histogram } from '../../../proxy/core/histogram.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Series } from '../../../proxy/core/series.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'

/** A real series over two servers, whose seconds pass by hand. */
function lab() {
  const clock = new Clock()
  const balancer = new Balancer({ clock, rng: new Rng(1), strategy: findStrategy('round_robin')! })
  balancer.add(new Endpoint('b1'))
  balancer.add(new Endpoint('b2'))
  const series = new Series(clock, balancer)
  const recent = new Recent()
  series.listen({ onSnapshot: (snapshot) => recent.add(JSON.parse(JSON.stringify(snapshot))) })
  const request = (latency: number, outcome: 'ok' | 'error' = 'ok'): Endpoint => {
    const server = balancer.acquire(0, 0)!
    balancer.release(server, latency, outcome)
    series.attempt(server, latency, outcome)
    series.request(latency, 1, outcome)
    return server
  }
  const second = (): void => {
    clock.now += 1000
    balancer.tick()
    series.tick(balancer.servers)
  }
  return { recent, request, second }
}

test('there are no rows before the first second is over', () => {
  expect(new Recent().rows()).toEqual([])
})

test('percentiles of ten seconds are those of all their requests together', () => {
  const { recent, request, second } = lab()
  const truth = new Map([
    ['b1', new Histogram()],
    ['b2', new Histogram()],
  ])
  const rng = new Rng(3)
  for (let s = 0; s < LOOK_BACK; s++) {
    for (let i = 0; i < 51; i++) {
      const latency = 1 + rng.float() * 10 * (s + 1)
      truth.get(request(latency).id)!.record(latency)
    }
    second()
  }
  for (const row of recent.rows()) {
    const all = truth.get(row.id)!
    expect(row.p50).toBe(all.quantile(0.5))
    expect(row.p95).toBe(all.quantile(0.95))
    expect(row.p99).toBe(all.quantile(0.99))
    expect(row.rate).toBe(all.count / LOOK_BACK)
    expect(row.share).toBeCloseTo(0.5, 2)
    expect(row.dueShare).toBeCloseTo(0.5, 10)
  }
})

test('what the strategy promises is that of the newest snapshot', () => {
  const { recent, second } = lab()
  expect(recent.promise).toBeUndefined()
  second()
  expect(recent.promise).toBe('equal')
})

test('what is longer ago than ten seconds is forgotten, but not the errors', () => {
  const { recent, request, second } = lab()
  request(500)
  const failing = request(500, 'error')
  second()
  for (let s = 0; s < LOOK_BACK; s++) {
    request(1)
    request(1)
    second()
  }
  const rows = recent.rows()
  expect(rows.map(({ p99 }) => p99)).toEqual([1, 1])
  for (const { id, errors } of rows) expect(errors).toBe(id === failing.id ? 1 : 0)
})

test('a quiet second has no shares and no percentiles', () => {
  const { recent, second } = lab()
  second()
  expect(recent.rows()[0]).toMatchObject({ share: null, dueShare: null, rate: 0, p99: null })
})
