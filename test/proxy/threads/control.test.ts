import { rmSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import type { ServerChange } from '../../../proxy/server-changes.ts'
import { Coordinator } from '../../../proxy/threads/coordinator.ts'
import { Authority } from '../../support/certificates.ts'
import { testSettings } from '../../support/proxy.ts'
import { sendAll } from './keep-alive-client.ts'
import { THREADS, useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useThreads()

test('what is done to servers is done in every thread, also in one that comes later', async () => {
  const threads = scene()
  await threads.start('round_robin', [{}, {}, {}])
  const { backends, coordinator } = threads
  const [first, second, third] = coordinator.balancer.servers
  // Messages reach a thread before what comes after them from the same side.
  coordinator.servers.steer(first, { state: 'drain' })
  coordinator.servers.remove(second)
  coordinator.servers.add({ id: 'b4', url: backends[1].url, weight: 1, backup: false })
  const fourth = coordinator.servers.find('b4')!
  await coordinator.workAt(third)
  await sendAll(threads.clients, 400)
  expect(threads.counts).toEqual([0, 200, 200])
  expect((await coordinator.workAt(fourth)).attempts.of('ok')).toBe(200)
  expect((await coordinator.workAt(second)).attempts.of('ok')).toBe(0)

  // One that takes the place of another finds them as they are, each with its own numbers.
  const { worker } = coordinator.members.get(1)!
  await worker.terminate()
  await threads.until(() => coordinator.members.get(1)?.worker !== worker)
  await threads.until(() => coordinator.members.get(1)?.ready === true)
  for (const client of threads.clients) client.leave()
  threads.clients = await threads.connect()
  for (const backend of backends) backend.count = 0
  await sendAll(threads.clients, 400)
  expect(new Set(threads.clients.map(({ thread }) => thread)).size).toBe(THREADS)
  expect(threads.counts).toEqual([0, 200, 200])
  expect(threads.inflight).toBe(0)
})

test('a server is known by its certificates as they were when it came, in a thread that comes later too', async () => {
  const authority = await Authority.start()
  const threads = scene()
  await threads.start('round_robin', [{}])
  const { coordinator } = threads
  const ca = authority.file('vanishing.pem', authority.own.cert)
  const server = { id: 'b2', url: 'https://127.0.0.1:9', weight: 1, backup: false, tls: { ca } }
  coordinator.servers.add(server)
  rmSync(ca)
  // What each thread does with the message comes before its answer to this.
  await coordinator.workAt(coordinator.balancer.servers[0])
  const { worker } = coordinator.members.get(1)!
  await worker.terminate()
  await threads.until(() => coordinator.members.get(1)?.worker !== worker)
  await threads.until(() => coordinator.members.get(1)?.ready === true)
  expect(threads.said.filter((line) => /crashed|cannot start/.test(line))).toEqual([
    expect.stringContaining('crashed (it was stopped from outside)'),
  ])
  expect(coordinator.members.size).toBe(THREADS)
})

test('what was added while the threads got ready for a change is in the way of nothing else', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id, i) => {
    return { id, url: `http://127.0.0.1:${i + 1}`, weight: 1, backup: false }
  })
  const settings = testSettings({ servers: [a], workers: 2 })
  const coordinator = new Coordinator(settings, { say() {}, giveUp() {} })
  const servers = [b, c].map((server) => ({ type: 'add', server }) as const)
  const onSkipped = vi.fn<(change: ServerChange, why: string) => void>()
  const change = await coordinator.prepare({ settings, servers, onSkipped })
  coordinator.servers.add(b)
  change.commit()
  expect(coordinator.balancer.servers.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(onSkipped.mock.calls).toEqual([[servers[0], 'there is already a server "b"']])
})
