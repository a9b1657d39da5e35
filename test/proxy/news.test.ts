/** What real fakes say to a real proxy, by answers and by probes. */
import { expect, test } from 'vitest'
import type { FakeBackend } from '../../backends/server.ts'
import type { Report } from '../../proxy/core/report.ts'
import { counts, get, put, start, timers } from '../backends/fakes.ts'
import { Listening, registerListening } from '../support/listening.ts'
import type { TestProxy } from '../support/proxy.ts'
import { useScene } from '../support/scene.ts'

registerListening()
const scene = useScene()

interface Lab {
  fakes: [FakeBackend, FakeBackend]
  proxy: TestProxy
  strategy: Listening
}

/** Two fakes, which are b1 and b2, and a proxy that takes them in turn. Times are the test's. */
async function lab(env: Record<string, string>, strategy = 'listening'): Promise<Lab> {
  const fakes: Lab['fakes'] = [
    await start({ SERVER_ID: 'b1', ...env }),
    await start({ SERVER_ID: 'b2', ...env }),
  ]
  const proxy = await scene.proxy({ strategy, servers: fakes.map(({ url }) => url) })
  return { fakes, proxy, strategy: proxy.proxy.balancer.strategy as Listening }
}

/** Begins requests one after another, so that everybody knows where each of them is. */
async function begin({ fakes, proxy }: Lab, count: number): Promise<Promise<Response>[]> {
  const requests: Promise<Response>[] = []
  for (let i = 0; i < count; i++) {
    const arrived = fakes.reduce((sum, fake) => sum + arrivedAt(fake), 0)
    requests.push(fetch(proxy.url))
    while (fakes.reduce((sum, fake) => sum + arrivedAt(fake), 0) === arrived) await turn()
  }
  return requests
}

function arrivedAt(fake: FakeBackend): number {
  return (fake.state()['counts'] as { arrived: number }).arrived
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Asks both, and gives what they say. */
async function ask({ strategy }: Lab): Promise<[Report, Report]> {
  const before = [strategy.of('b1').length, strategy.of('b2').length]
  strategy.ask()
  await strategy.until(() => strategy.of('b1').length > before[0])
  await strategy.until(() => strategy.of('b2').length > before[1])
  return [strategy.of('b1').at(-1)!, strategy.of('b2').at(-1)!]
}

test('a probe says what is really in hand, and so does the balancer', async () => {
  const world = await lab({ MIN_LATENCY: '50', MAX_LATENCY: '50', CONCURRENCY: '2' })
  const requests = await begin(world, 7)
  const said = await ask(world)
  // Four and three, of which two each are served and the others wait.
  expect(said.map(({ inflight }) => inflight)).toEqual([4, 3])
  expect(world.proxy.proxy.balancer.servers.map(({ inflight }) => inflight)).toEqual([4, 3])
  timers.advance(100)
  await Promise.all(requests)
  const after = await ask(world)
  expect(after.map(({ inflight }) => inflight)).toEqual([0, 0])
  expect(after[0]).toMatchObject({ latency: 50, errorRate: 0 })
  // Busy for 100 ms; and all four answers of 100 ms or less ago.
  expect(after[0].utilization).toBeCloseTo(1 - Math.exp(-0.1), 3)
  expect(after[0].rate).toBeCloseTo(2 + 2 * Math.exp(-0.05), 3)
})

test('a probe knows of requests that came by another way', async () => {
  const world = await lab({ MIN_LATENCY: '50', MAX_LATENCY: '50' })
  await Promise.all(
    (await begin(world, 2)).map(async (request) => {
      timers.advance(50)
      await request
    }),
  )
  const other = get(world.fakes[1], '/products')
  await counts(world.fakes[1], { serving: 1 })
  expect((await ask(world)).map(({ inflight }) => inflight)).toEqual([0, 1])
  expect(world.proxy.inflight).toBe(0)
  timers.advance(50)
  await other
})

test('every answer says how many stay behind', async () => {
  const world = await lab({ MIN_LATENCY: '10', MAX_LATENCY: '10', CONCURRENCY: '1' })
  const requests = await begin(world, 6)
  for (let i = 1; i <= 3; i++) {
    timers.advance(10)
    await world.strategy.until(() => world.strategy.reports.length === 2 * i)
  }
  await Promise.all(requests)
  for (const server of ['b1', 'b2']) {
    expect(world.strategy.of(server).map(({ inflight }) => inflight)).toEqual([2, 1, 0])
  }
})

test('the client gets the field as the server sent it', async () => {
  const { proxy } = await lab({})
  const response = await fetch(proxy.url)
  await response.arrayBuffer()
  expect(response.headers.get('endpoint-load-metrics')).toBe(
    'TEXT rps_fractional=1, eps=0, named_metrics.rif=0, named_metrics.latency_ms=0',
  )
})

test('failed and refused requests say so', async () => {
  const world = await lab({ FAILURE_RATE: '1' })
  for (let i = 0; i < 2; i++) expect((await fetch(world.proxy.url)).status).toBe(500)
  expect(world.strategy.of('b1')).toMatchObject([{ inflight: 0, latency: NaN, errorRate: 1 }])
  await put(world.fakes[0], { outage: true })
  const answer = await fetch(world.proxy.url)
  expect(answer.status).toBe(503)
  expect(world.strategy.of('b1')).toMatchObject([{}, { inflight: 0, rate: 2, errorRate: 2 }])
})

test('probes change no count, of the fakes or of the proxy', async () => {
  const world = await lab({ MIN_LATENCY: '50', MAX_LATENCY: '50' })
  const requests = await begin(world, 3)
  const totals = () => {
    const { balancer, counters, series } = world.proxy.proxy
    const { requests, servers } = series.total()
    return JSON.stringify({
      fakes: world.fakes.map((fake) => fake.state()),
      requests,
      servers,
      picks: balancer.servers.map((server) => balancer.picksOf(server)),
      counters,
    })
  }
  const before = totals()
  for (let i = 0; i < 5; i++) await ask(world)
  expect(totals()).toBe(before)
  timers.advance(50)
  await Promise.all(requests)
})

test('a server that is ill is not heard, and heard again when it is well', async () => {
  const world = await lab({})
  await Promise.all(await begin(world, 2))
  await put(world.fakes[0], { outage: true })
  const before = world.strategy.of('b1').length
  world.strategy.ask()
  await world.strategy.until(() => world.strategy.of('b2').length > 1)
  const metrics = async () => (await fetch(`${world.proxy.url}/lb/metrics`)).text()
  const failed = 'lb_probes_total{server="b1",outcome="failed"} 1'
  while (!(await metrics()).includes(failed)) await turn()
  expect(world.strategy.of('b1')).toHaveLength(before)
  await put(world.fakes[0], { outage: false })
  expect((await ask(world))[0]).toMatchObject({ inflight: 0 })
  expect(world.proxy.warnings).toEqual([])
})

test('asked at every pick, servers are heard by both ways, and the books of requests stay right', async () => {
  const world = await lab({}, 'asking')
  for (let i = 0; i < 20; i++) {
    const response = await fetch(world.proxy.url)
    await response.arrayBuffer()
  }
  // Twenty answers, and at least the first of the probes of each server.
  await world.strategy.until(() => world.strategy.reports.length >= 22)
  expect(world.fakes.map(arrivedAt)).toEqual([10, 10])
  while (world.proxy.proxy.series.total().requests.count < 20) await turn()
})
