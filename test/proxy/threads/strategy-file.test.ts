import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { KeepAliveClient, sendAll } from './keep-alive-client.ts'
import { THREADS, type ThreadScene, useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useThreads()

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-threads-'))
  file = join(folder, 'own.ts')
})

afterEach(() => rmSync(folder, { recursive: true }))

/** Always the first server, until a thread has picked so many times. */
function write(most: number): void {
  writeFileSync(
    file,
    `export default class {
  picks = 0
  update(servers) { this.servers = servers }
  pick() { return this.picks++ < ${most} ? this.servers[0] : this.servers[9].x }
  settled() {}
}`,
  )
}

async function start(most: number): Promise<ThreadScene> {
  write(most)
  const threads = scene()
  await threads.start('', [{}, {}, {}], { strategy: { file, options: {} } })
  return threads
}

/** Whichever thread is asked. */
async function expectStrategy(threads: ThreadScene, strategy: string, promise: string) {
  for (let i = 0; i < 8; i++) {
    expect(await threads.stats()).toMatchObject({ strategy, promise })
    const headers = { connection: 'close' }
    const answer = await fetch(`http://127.0.0.1:${threads.port}/lb/metrics`, { headers })
    const info = `lb_strategy_info{strategy="${strategy}",promise="${promise}"} 1\n`
    expect(await answer.text()).toContain(info)
  }
}

async function replace(threads: ThreadScene, thread: number): Promise<void> {
  const { members } = threads.coordinator
  await members.get(thread)!.worker.terminate()
  await threads.until(() => members.size === THREADS)
  await members.get(thread)!.listening
  for (const client of threads.clients) client.leave()
  threads.clients = await KeepAliveClient.all(threads.port, 64)
}

test('a strategy that fails in one thread gives way in all of them, and is told of once', async () => {
  const threads = await start(2000)
  await sendAll(threads.clients, 100)
  await expectStrategy(threads, 'own', 'adaptive')
  // One thread alone gets to its end.
  const { thread } = threads.clients[0]
  const mine = threads.clients.filter((client) => client.thread === thread)
  while (threads.said.length === 0) await sendAll(mine, 100)
  await expectStrategy(threads, 'round_robin', 'equal')
  for (const backend of threads.backends) backend.count = 0
  await sendAll(threads.clients, 3000)
  expect(threads.counts).toEqual([1000, 1000, 1000])
  expect(threads.said).toHaveLength(1)
  expect(threads.said[0]).toMatch(/own\.ts breaks the law .+ Requests go on with round_robin$/)

  // One that comes later does the same, whatever the file says by then.
  write(Infinity)
  await replace(threads, 1)
  for (const backend of threads.backends) backend.count = 0
  await sendAll(threads.clients, 3000)
  expect(threads.counts).toEqual([1000, 1000, 1000])
  expect(threads.said).toHaveLength(2)
  await expectStrategy(threads, 'round_robin', 'equal')
})

test('a thread that finds another file in place of one that crashed is no crash, and all choose alike', async () => {
  const threads = await start(Infinity)
  await sendAll(threads.clients, 100)
  expect(threads.counts).toEqual([100, 0, 0])
  await replace(threads, 1) // It is still the same.
  await expectStrategy(threads, 'own', 'adaptive')
  writeFileSync(file, 'throw new Error()')
  await replace(threads, 1)
  await expectStrategy(threads, 'round_robin', 'equal')
  for (const backend of threads.backends) backend.count = 0
  await sendAll(threads.clients, 3000)
  expect(threads.counts).toEqual([1000, 1000, 1000])
  const told = threads.said.filter((message) => !message.includes('another takes its place'))
  expect(told).toHaveLength(1)
  expect(told[0]).toContain('own.ts throws while it is loaded: Error')
})

test('the token of the admin API stays with the coordinator: what threads load does not find it', async () => {
  // Where it is tried first there are no settings.
  writeFileSync(
    file,
    `import { workerData } from 'node:worker_threads'
export default class {
  update(servers) { this.servers = servers }
  pick() {
    const { settings } = workerData ?? {}
    if (settings !== undefined) throw new Error('admin is ' + JSON.stringify(settings.admin))
    return this.servers[0]
  }
  settled() {}
}`,
  )
  const threads = scene()
  await threads.start('', [{}, {}], {
    strategy: { file, options: {} },
    admin: { host: '127.0.0.1', port: 8081, token: 'a-token-of-some-length' },
  })
  await sendAll(threads.clients, 10)
  await threads.until(() => threads.said.length > 0)
  expect(threads.said[0]).toContain('admin is false')
})
