import { expect, test, vi } from 'vitest'
import { KeepAliveClient, sendAll } from './keep-alive-client.ts'
import { THREADS, useThreads } from './scene.ts'

// Some seconds on a machine that has nothing else to do.
vi.setConfig({ testTimeout: 60_000 })

/** Four real threads, real sockets: whatever thread answers, there is one balance. */
const scene = useThreads()

/** How many threads the clients found. */
function threadsOf(clients: readonly KeepAliveClient[]): number {
  return new Set(clients.map(({ thread }) => thread)).size
}

interface Figures {
  total: { requests: number }
  servers: { total: { requests: number; expectedShare: number; attempts: { ok: number } } }[]
}

test('round robin over four threads is exact: 40,000 requests, and no server has two more than another', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}, {}, {}])
  await sendAll(threads.clients, 40_000)
  expect(threadsOf(threads.clients)).toBe(THREADS)
  expect(threads.counts.toSorted((a, b) => a - b)).toEqual([13_333, 13_333, 13_334])
  expect(threads.inflight).toBe(0)
  const stats = await threads.stats<Figures>()
  expect(stats.total.requests).toBe(40_000)
  expect(stats.servers.map(({ total }) => total.requests)).toEqual(threads.counts)
  expect(stats.servers.map(({ total }) => total.attempts.ok)).toEqual(threads.counts)
  for (const { total } of stats.servers) expect(total.expectedShare).toBeCloseTo(1 / 3, 5)
})

test('weighted round robin keeps its bound: at most 1 - 1/n ahead of its due, 1/2 + … + 1/n behind', async () => {
  const threads = scene()
  const weights = [5, 1, 1]
  await threads.start(
    'weighted_round_robin',
    weights.map((weight) => ({ weight })),
  )
  let sent = 0
  for (const count of [3500, 617, 1]) {
    await sendAll(threads.clients, count)
    sent += count
    threads.counts.forEach((picked, i) => {
      const ahead = picked - (sent * weights[i]) / 7
      expect(ahead).toBeLessThanOrEqual(1 - 1 / 3 + 1e-9)
      expect(ahead).toBeGreaterThanOrEqual(-(1 / 2 + 1 / 3) - 1e-9)
    })
  }
})

test('least connections: a server that does not answer gets one request, not one from each thread, while others are idle', async () => {
  const threads = scene()
  await threads.start('least_connections', [{}, {}, {}])
  const [slow] = threads.backends
  slow.answers = false
  const stuck: Promise<void>[] = []
  for (let round = 0; round < 5; round++) {
    for (const client of threads.clients) {
      // One at a time: all the others are idle whenever one is sent.
      const before = slow.count
      const answered = client.get()
      await Promise.race([answered, slow.until(() => slow.count > before)])
      if (slow.count > before) stuck.push(answered)
      if (stuck.length > 0 && slow.count > before)
        threads.clients = without(threads.clients, client)
    }
  }
  expect(threadsOf(threads.clients)).toBe(THREADS)
  expect(slow.count).toBe(1)
  expect(threads.inflight).toBe(1)
  slow.answerAll()
  await Promise.all(stuck)
})

test('a limit of 2 is never exceeded by four threads, and nobody is turned away', async () => {
  const threads = scene()
  await threads.start('round_robin', [{ max: 2 }, {}])
  const [limited] = threads.backends
  limited.slow = true
  await sendAll(threads.clients, 2500)
  expect(limited.most).toBe(2)
  expect(threads.clients.reduce((sum, client) => sum + client.of('200'), 0)).toBe(2500)
  expect(threads.inflight).toBe(0)
})

function without(clients: KeepAliveClient[], gone: KeepAliveClient): KeepAliveClient[] {
  return clients.filter((client) => client !== gone)
}
