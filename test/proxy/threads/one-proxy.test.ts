import { expect, test, vi } from 'vitest'
import { Coordinator } from '../../../proxy/threads/coordinator.ts'
import { testSettings } from '../../support/proxy.ts'
import { KeepAliveClient, sendAll } from './keep-alive-client.ts'
import { RawClient } from '../../support/raw-client.ts'
import { useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Several threads, and one proxy to whoever looks at it. */
const scene = useThreads()

/** The data of every event of that name in a stream. */
function eventsOf(text: string, name: string): unknown[] {
  return [...text.matchAll(new RegExp(`event: ${name}\ndata: (.*)\n`, 'g'))].map(
    ([, data]) => JSON.parse(data) as unknown,
  )
}

test('metrics add up over all threads, whichever answers', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}, {}, { weight: 0 }])
  await sendAll(threads.clients, 300)
  for (let i = 0; i < 3; i++) {
    const answer = await fetch(`http://127.0.0.1:${threads.port}/lb/metrics`, {
      headers: { connection: 'close' },
    })
    const text = await answer.text()
    expect(text).toContain('lb_requests_total{code_class="2xx"} 300\n')
    expect(text).toContain('lb_attempts_total{server="b1",outcome="ok"} 150\n')
    expect(text).toContain('lb_request_duration_seconds_count{server="b2"} 150\n')
    expect(text).toContain('lb_picks_total{strategy="round_robin",server="b1"} 150\n')
    expect(text).toContain('lb_excluded_total{server="b3",reason="weight"} 300\n')
    expect(text).toContain('lb_log_dropped_total 0\n')
    expect(text).toContain('lb_strategy_info{strategy="round_robin",promise="equal"} 1\n')
    expect(text).toContain('lb_in_flight{server="b1"} 0\n')
    expect(text).toContain('lb_connect_seconds_count 300\n')
  }
})

test('events bring one snapshot a second, of all threads, and no request is in two of them or in none', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}, {}])
  const viewer = await RawClient.connect(threads.port)
  viewer.send('GET /lb/events HTTP/1.1\r\nHost: a\r\n\r\n')
  const seen = (): number => {
    const snapshots = eventsOf(viewer.text, 'snapshot') as { requests: { count: number } }[]
    return snapshots.reduce((sum, { requests }) => sum + requests.count, 0)
  }
  await viewer.receive('event: hello')
  await sendAll(threads.clients, 500)
  await viewer.until(() => seen() >= 500)
  const times = (eventsOf(viewer.text, 'snapshot') as { time: number }[]).map(({ time }) => time)
  for (const [i, time] of times.entries()) {
    if (i > 0) expect(time - times[i - 1]).toBeGreaterThan(900)
  }
  expect(seen()).toBe(500)
  viewer.leave()
})

test('a server that goes down is down for all threads, and readiness and events say so', async () => {
  const threads = scene()
  const health = { path: '/health', interval: 200, timeout: 1000, fall: 2, rise: 2 }
  await threads.start('round_robin', [{}, {}], { health })
  const [first, second] = threads.backends
  const viewer = await RawClient.connect(threads.port)
  viewer.send('GET /lb/events HTTP/1.1\r\nHost: a\r\n\r\n')
  await viewer.receive('event: hello')
  first.stop()
  await viewer.receive('event: state')
  expect(eventsOf(viewer.text, 'state')).toMatchObject([{ server: 'b1', from: 'up', to: 'down' }])
  const before = second.count
  await sendAll(threads.clients, 200)
  for (const client of threads.clients) expect([...client.statuses.keys()]).toEqual(['200'])
  expect(second.count - before).toBeGreaterThanOrEqual(200)
  const { servers } = await threads.stats<{ servers: { state: string; reason: string }[] }>()
  expect(servers.map(({ state }) => state)).toEqual(['down', 'up'])
  expect(servers[0].reason).toBe('connect refused')
  viewer.leave()
})

test('stopping answers what is in flight in every thread, and lets nobody new in', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}, {}])
  for (const backend of threads.backends) backend.answers = false
  const load = Promise.all(threads.clients.map((client) => client.get()))
  await threads.backends[1].until(() => threads.inflight === threads.clients.length)
  const stopped = threads.coordinator.stop()
  for (const backend of threads.backends) backend.answerAll()
  await load
  await stopped
  for (const client of threads.clients) expect([...client.statuses]).toEqual([['200', 1]])
  expect(threads.inflight).toBe(0)
  await expect(KeepAliveClient.connect(threads.port)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  })
})

test('stopping while threads are starting ends them all', async () => {
  const coordinator = new Coordinator(
    testSettings({ servers: ['http://127.0.0.1:1'], workers: 3 }),
    {
      say: () => {},
      giveUp: () => {},
    },
  )
  void coordinator.listen()
  await coordinator.stop()
  expect(coordinator.members.size).toBe(0)
})
