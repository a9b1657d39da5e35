import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { StrategyFactory } from '../../../proxy/core/strategy.ts'
import { Coordinator } from '../../../proxy/threads/coordinator.ts'
import { testSettings } from '../../support/proxy.ts'
import { KeepAliveClient, sendAll } from './keep-alive-client.ts'
import { THREADS, type ThreadScene, useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useThreads()

/** Ends a thread in the middle of whatever it is doing. */
async function kill(threads: ThreadScene, thread: number): Promise<void> {
  await threads.coordinator.members.get(thread)!.worker.terminate()
}

/** Resolves when all threads listen. */
async function complete(threads: ThreadScene): Promise<void> {
  const { members } = threads.coordinator
  await threads.until(() => members.size === THREADS)
  await Promise.all([...members.values()].map(({ listening }) => listening))
}

test('a thread that dies under load takes nothing with it but its own connections', async () => {
  const threads = scene()
  // Its servers are silent for as long as it takes, here and on a busy machine, until a death is known.
  const patient = { response: 60_000, total: 60_000 }
  await threads.start('round_robin', [{}, {}, {}], { timeouts: patient })
  await sendAll(threads.clients, 400)
  const groups = Map.groupBy(threads.clients, ({ thread }) => thread)
  expect(groups.size).toBe(THREADS)

  // Every thread has requests in flight when one of them dies.
  for (const backend of threads.backends) backend.answers = false
  const load = sendAll(threads.clients, 2000)
  await threads.backends[0].until(() => threads.inflight === threads.clients.length)
  await kill(threads, 2)
  await threads.until(() => threads.clients.some((client) => client.cut))
  const victims = groups.get(threads.clients.find((client) => client.cut)!.thread)!
  await threads.until(() => threads.said.length > 0 && victims.every((client) => client.cut))
  expect(threads.said).toEqual([
    `thread 3 of 4 crashed (it was stopped from outside) with ${victims.length} requests in flight: another takes its place`,
  ])
  expect(threads.inflight).toBe(threads.clients.length - victims.length)

  for (const backend of threads.backends) backend.answerAll()
  await load
  await threads.until(() => threads.inflight === 0)
  const others = threads.clients.filter((client) => !victims.includes(client))
  expect(others.some((client) => client.cut)).toBe(false)
  for (const client of threads.clients) expect([...client.statuses.keys()]).toEqual(['200'])

  // Another has taken its place, and round robin is as exact as before.
  await complete(threads)
  for (const client of threads.clients) client.leave()
  threads.clients = await KeepAliveClient.all(threads.port, 64)
  for (const backend of threads.backends) backend.count = 0
  await sendAll(threads.clients, 3001)
  expect(new Set(threads.clients.map(({ thread }) => thread)).size).toBe(THREADS)
  expect(threads.counts.toSorted((a, b) => a - b)).toEqual([1000, 1000, 1001])
  expect(threads.inflight).toBe(0)
  expect(threads.said).toHaveLength(1)
})

test('what a thread had counted when it was last asked stays counted when it is gone', async () => {
  const threads = scene()
  await threads.start('least_connections', [{}, {}])
  await sendAll(threads.clients, 400)
  const before = await threads.stats<{ total: { requests: number } }>()
  await kill(threads, 0)
  await complete(threads)
  const after = await threads.stats<{ total: { requests: number } }>()
  expect([before.total.requests, after.total.requests]).toEqual([400, 400])
})

test('an exception that nobody catches ends its thread only, and is told with its place', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}])
  const { worker } = threads.coordinator.members.get(1)!
  worker.postMessage({ type: 'whole' }) // As no coordinator would: without what it is about.
  await threads.until(() => threads.said.length > 0)
  expect(threads.said[0]).toMatch(
    /^thread 2 of 4 crashed \(TypeError: .+ at .+whole\.ts:\d+:\d+\)+ with 0 requests in flight/,
  )
  await complete(threads)
  expect((await fetch(`http://127.0.0.1:${threads.port}/`)).status).toBe(200)
})

test('threads that serve for timeouts.notice are not ended before it is over', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}], { timeouts: { notice: 60_000, stop: 1000 } }, false)
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  void threads.coordinator.stop()
  vi.advanceTimersByTime(60_500)
  vi.useRealTimers()
  expect((await fetch(`http://127.0.0.1:${threads.port}/lb/ready`)).status).toBe(503)
  expect((await fetch(`http://127.0.0.1:${threads.port}/`)).status).toBe(200)
})

test('one that crashes while the proxy stops is told too, and nobody takes its place', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}], { timeouts: { notice: 60_000 } })
  void threads.coordinator.stop()
  threads.coordinator.members.get(1)!.worker.postMessage({ type: 'whole' })
  await threads.until(() => threads.said.length > 0)
  expect(threads.said[0]).toMatch(
    /^thread 2 of 4 crashed \(TypeError: .+\) with 0 requests in flight, while the proxy stops$/,
  )
  expect([...threads.coordinator.members.keys()]).toEqual([0, 2, 3])
})

test('threads that crash again and again are given up', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}])
  for (let i = 0; i < 5; i++) {
    await kill(threads, i % THREADS)
    if (i < 4) await complete(threads)
  }
  expect(await threads.gaveUp.promise).toBe(
    'thread 1 of 4 crashed (it was stopped from outside): giving up after 5 crashes in 10 s',
  )
  expect(threads.said).toHaveLength(4)
  expect(threads.coordinator.members.size).toBe(0)
})

test('a thread whose place cannot be taken leaves the others alone, and is back as soon as it can be', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'evenkeel-crash-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  const folder = join(parent, 'logs')
  mkdirSync(folder)
  const threads = scene()
  const accessLog = { file: join(folder, 'access.log') }
  await threads.start('round_robin', [{}], { accessLog, workers: 2 }, false)
  rmSync(folder, { recursive: true })
  await kill(threads, 1)
  await threads.until(() => threads.said.length > 1)
  expect(threads.said[1]).toMatch(
    /^thread 2 of 2 cannot start \(ENOENT.+\): the others go on, and it is tried again/,
  )
  expect(threads.coordinator.members.get(0)!.ready).toBe(true)
  for (let i = 0; i < 6; i++) expect(await threads.stats()).toHaveProperty('total')

  mkdirSync(folder)
  await threads.until(() => threads.said.length > 2)
  expect(threads.said[2]).toBe('thread 2 of 2 is there again')
  expect(threads.coordinator.members.get(1)!.ready).toBe(true)

  // When nobody is left there is nothing to wait for.
  rmSync(folder, { recursive: true })
  await Promise.all([kill(threads, 0), kill(threads, 1)])
  expect(await threads.gaveUp.promise).toMatch(/ENOENT.+: giving up after 5 crashes in 10 s$/)
})

test('the coordinator never calls its strategy, which may wait for a lock that a dead thread holds', () => {
  const servers = ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3']
  const update = vi.fn<() => void>()
  const strategy: StrategyFactory = {
    promise: 'equal',
    create: () => ({ name: 'own', update, pick: vi.fn<() => never>(), settled() {} }),
  }
  const options = { say() {}, giveUp() {}, strategy }
  const { balancer } = new Coordinator(testSettings({ servers, workers: 2 }), options)
  balancer.tick()
  balancer.setHealthy(balancer.servers[0], false)
  balancer.tick()
  expect(update).not.toHaveBeenCalled()
  expect([balancer.strategy.name, balancer.eligibleCount]).toEqual(['own', 2])
})

test('a thread that dies inside the lock does not keep it, though a server fails meanwhile', async () => {
  const threads = scene()
  await threads.start('edf', [{}, {}, {}], { timeouts: { response: 60_000, total: 60_000 } })
  const { balancer } = threads.coordinator
  const word = new Int32Array(threads.coordinator['buffer'], 0, 1)
  word[0] = 2 // As if the second thread held it.
  balancer.setHealthy(balancer.servers[0], false)
  const load = sendAll(threads.clients, 1000) // All the others wait for it, until its death is known.
  balancer.tick()
  await kill(threads, 1)
  await complete(threads)
  await load
  expect(word[0]).toBe(0)
})
