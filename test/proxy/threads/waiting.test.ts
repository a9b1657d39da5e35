import { expect, test, vi } from 'vitest'
import { THREADS, useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useThreads()

test('sections 2 and 6: the bound of the queue is one for all threads, and who waits in a dead one is gone', async () => {
  const threads = scene()
  await threads.start('round_robin', [{ max: 1 }], { queue: { length: 40, timeout: 30_000 } })
  const { clients, coordinator } = threads
  const [backend] = threads.backends
  backend.answers = false
  const all = Promise.all(clients.map((client) => client.get()))
  const of = (status: string): number => clients.reduce((sum, client) => sum + client.of(status), 0)
  const waiting = async (): Promise<number> => (await threads.stats<{ waiting: number }>()).waiting
  await threads.until(() => of('503') === clients.length - 41)
  expect([await waiting(), threads.inflight]).toEqual([40, 1])

  const counts = [...coordinator['rules'].line['counts']]
  expect(counts.filter((count) => count > 0).length).toBeGreaterThan(1)
  const victim = counts.findIndex((count) => count > 0)
  await coordinator.members.get(victim)!.worker.terminate()
  await threads.until(() => coordinator.members.size === THREADS)
  await coordinator.members.get(victim)!.listening
  expect(await waiting()).toBeLessThanOrEqual(40 - counts[victim])

  backend.answerAll()
  await all
  // One answer each, but for those whose thread has died.
  for (const client of clients) {
    expect(client.of('200') + client.of('503')).toBeLessThanOrEqual(1)
    if (!client.cut) expect(client.of('200') + client.of('503')).toBe(1)
  }
  expect(of('503')).toBe(clients.length - 41)
  expect(of('200')).toBeGreaterThanOrEqual(40 - counts[victim])
  expect([await waiting(), threads.inflight]).toEqual([0, 0])
})

test('section 6: who comes first is served first in whichever thread, and none starves', async () => {
  const threads = scene()
  await threads.start('round_robin', [{ max: 1 }], { queue: { length: 100, timeout: 30_000 } })
  const [backend] = threads.backends
  const { clients } = threads
  backend.slow = true
  // Each asks again as soon as it is answered: in a fair order nobody is ahead of another by more than a few rounds.
  let most = 0
  const counts = clients.map(() => 0)
  const rounds = clients.map(async (client, i) => {
    while (Math.max(...counts) < 15) {
      await client.get()
      counts[i]++
      most = Math.max(most, Math.max(...counts) - Math.min(...counts))
    }
  })
  await Promise.all(rounds)
  expect(new Set(clients.map(({ thread }) => thread)).size).toBeGreaterThan(1)
  expect(most).toBeLessThanOrEqual(3)
  expect(backend.most).toBe(1)
})
