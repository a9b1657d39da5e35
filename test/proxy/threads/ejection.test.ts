import { expect, test, vi } from 'vitest'
import { sendAll } from './keep-alive-client.ts'
import { THREADS, useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useThreads()

const EJECTION = { consecutive: 5, base: 60_000, max: 300_000, share: 0.5 }

test('sections 2 and 6: failures are counted over all threads, and what one ejects is ejected for all', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}, {}], { ejection: EJECTION })
  const [bad, good] = threads.backends
  bad.status = 503
  for (const client of threads.clients) await client.get() // One at a time, whichever its thread is.
  expect([bad.count, good.count]).toEqual([5, threads.clients.length - 5])
  expect(new Set(threads.clients.map(({ thread }) => thread).filter(Boolean)).size).toBe(THREADS)
  const { servers } = await threads.stats<{ servers: { state: string; reason: string }[] }>()
  expect(servers[0]).toMatchObject({
    state: 'ejected',
    reason: expect.stringMatching(/^5 failures in a row \(error\)/),
  })
  // A thread that comes later finds it ejected.
  await threads.coordinator.members.get(1)!.worker.terminate()
  await threads.until(() => threads.coordinator.members.size === THREADS)
  await threads.coordinator.members.get(1)!.listening
  for (const client of threads.clients) client.leave()
  threads.clients = await threads.connect()
  await sendAll(threads.clients, 200)
  expect(new Set(threads.clients.map(({ thread }) => thread)).size).toBe(THREADS)
  expect(bad.count).toBe(5)
  expect(threads.inflight).toBe(0)
})
