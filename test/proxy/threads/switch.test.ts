import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Reload } from '../../../proxy/reload.ts'
import { chooseStrategy } from '../../../proxy/strategy-choice.ts'
import type { StrategySettings } from '../../../proxy/settings.ts'
import { STRATEGIES } from '../../../proxy/strategies/index.ts'
import { testSettings } from '../../support/proxy.ts'
import { KeepAliveClient, sendAll } from './keep-alive-client.ts'
import { THREADS, type ThreadScene, useThreads } from './scene.ts'

vi.setConfig({ testTimeout: 60_000 })

const scene = useThreads()

let folder: string
let file: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-switch-'))
  file = join(folder, 'own.mjs')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What is done in each thread that loads the file, with its number from 1; nothing where it is tried out. */
function write(inThread: string): StrategySettings {
  writeFileSync(
    file,
    `import { threadName } from 'node:worker_threads'
const thread = Number(/^evenkeel (\\d+)$/.exec(threadName)?.[1] ?? 0)
if (thread > 0) { ${inThread} }
export default class {
  name = 'own'
  constructor({ memory }) { this.cursor = memory.ints(1) }
  update(servers) { this.servers = servers }
  pick() { return this.servers[0] }
  settled() {}
}`,
  )
  return { file, options: {} }
}

async function begin(strategy: string): Promise<{
  threads: ThreadScene
  to: (strategy: StrategySettings) => Promise<readonly string[]>
}> {
  const threads = scene()
  await threads.start(strategy, [{}, {}, {}])
  const settings = testSettings({ servers: [], strategy })
  const reload = new Reload({}, settings, await chooseStrategy(settings), () => {})
  const to = async (next: StrategySettings): Promise<readonly string[]> =>
    (await reload.switchTo(threads.coordinator, next)).said
  return { threads, to }
}

function restart(threads: ThreadScene): void {
  for (const backend of threads.backends) backend.count = 0
}

function total({ counts }: ThreadScene): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

describe('proxy-behaviour 1 and 6: another strategy while several threads balance', () => {
  test('round robin is exact over all of them, and what it follows and is followed by sees all', async () => {
    const { threads, to } = await begin('random')
    await sendAll(threads.clients, 300)
    expect(await to('round_robin')).toEqual(['strategy is now round_robin, and was random'])
    restart(threads)
    await sendAll(threads.clients, 3000)
    expect(threads.counts).toEqual([1000, 1000, 1000])

    // All hang at one of them, whichever thread they came by: whoever sees all of them goes elsewhere.
    await to('first')
    for (const backend of threads.backends) backend.answers = false
    restart(threads)
    const load = sendAll(threads.clients, threads.clients.length)
    await threads.until(() => threads.backends[0].count === threads.clients.length)
    expect(threads.counts).toEqual([threads.clients.length, 0, 0])
    await to('least_connections')
    const others = await KeepAliveClient.all(threads.port, threads.clients.length)
    threads.clients.push(...others)
    const more = sendAll(others, others.length)
    await threads.until(() => total(threads) === threads.clients.length)
    expect(threads.counts).toEqual([64, 32, 32])
    for (const backend of threads.backends) backend.answerAll()
    await Promise.all([load, more])
    await threads.until(() => threads.inflight === 0)
  })

  test('a hundred times, over all there are, under load: no request is lost or done twice', async () => {
    const { threads, to } = await begin('random')
    const names = STRATEGIES.filter((entry) => entry.simulatorOnly !== true).map(({ name }) => name)
    const load = { over: false, sent: 0 }
    const sending = (async () => {
      for (; !load.over; load.sent += 256) await sendAll(threads.clients, 256)
    })()
    for (let i = 0; i < 100; i++) await to(names[i % names.length])
    load.over = true
    await sending
    expect(total(threads)).toBe(load.sent)
    for (const client of threads.clients) expect([...client.statuses.keys()]).toEqual(['200'])
    await threads.until(() => threads.inflight === 0)
    // Those that asked for its load were told that it says nothing.
    expect(threads.said.filter((line) => !line.startsWith('warning: server'))).toEqual([])
  })

  test('if one of them cannot, none does', async () => {
    const { threads, to } = await begin('round_robin')
    const [said] = await to(write('if (thread === 2) throw new Error("not here")'))
    expect(said).toContain('kept round_robin: ')
    expect(said).toContain('own.mjs throws while it is loaded: Error: not here')
    restart(threads)
    await sendAll(threads.clients, 3000)
    expect(threads.counts).toEqual([1000, 1000, 1000])
    const stats = await threads.stats<{ strategy: string }>()
    expect(stats.strategy).toBe('round_robin')
    expect(await to(write(''))).toEqual([
      expect.stringMatching(/^strategy is now .*own\.mjs, and was round_robin$/),
    ])
  })

  test('one that dies meanwhile is not waited for, and who takes its place chooses as the others', async () => {
    const { threads, to } = await begin('round_robin')
    const { members } = threads.coordinator
    // Thread 2 dies of it the first time.
    const mark = JSON.stringify(join(folder, 'mark'))
    const strategy = write(
      `const fs = await import('node:fs')
       if (thread === 2 && !fs.existsSync(${mark})) { fs.writeFileSync(${mark}, ''); process.exit(3) }`,
    )
    expect((await to(strategy))[0]).toContain('strategy is now')
    await threads.until(() => members.size === THREADS)
    await Promise.all([...members.values()].map(({ listening }) => listening))
    for (const client of threads.clients) client.leave()
    threads.clients = await threads.connect()
    restart(threads)
    await sendAll(threads.clients, 300)
    expect(threads.counts).toEqual([300, 0, 0])
    expect(new Set(threads.clients.map(({ thread }) => thread)).size).toBe(THREADS)
    expect(threads.said).toEqual([expect.stringContaining('thread 2 of 4 crashed')])
  })

  test('one that comes later has the strategy of now, and its memory', async () => {
    const { threads, to } = await begin('random')
    await to('round_robin')
    const { members } = threads.coordinator
    await members.get(1)!.worker.terminate()
    await threads.until(() => members.size === THREADS)
    await members.get(1)!.listening
    for (const client of threads.clients) client.leave()
    threads.clients = await threads.connect()
    restart(threads)
    await sendAll(threads.clients, 3000)
    expect(threads.counts).toEqual([1000, 1000, 1000])
  })
})
