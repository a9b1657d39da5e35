import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { FakeBackend } from '../../backends/server.ts'
import { readSettings } from '../../backends/settings.ts'
import { TestProxy } from '../support/proxy.ts'

const FILE = fileURLToPath(new URL('locustfile.py', import.meta.url))

export const hasLocust = spawnSync('locust', ['--version']).status === 0
if (!hasLocust) console.log('test/load: Locust is not installed, so that its file is not run here')

/** Three fakes, of which the last fails as often as it is told, and a proxy that gives the first one half of the requests. */
export async function openShop(failureRate = '0') {
  const base = { HOST: '127.0.0.1', PORT: '0', SEED: '1', MIN_LATENCY: '2', MAX_LATENCY: '6' }
  const fakes = ['b1', 'b2', 'b3'].map((id) => {
    const failing = id === 'b3' ? failureRate : '0'
    return new FakeBackend(readSettings({ ...base, SERVER_ID: id, FAILURE_RATE: failing }))
  })
  const urls = await Promise.all(fakes.map((fake) => fake.listen()))
  const proxy = await TestProxy.start({
    strategy: 'weighted_round_robin',
    servers: urls.map((url, i) => ({ url, weight: i === 0 ? 2 : 1 })),
  })
  return {
    url: proxy.url,
    close: async () => {
      await proxy.proxy.stop()
      await Promise.all(fakes.map((fake) => fake.stop()))
    },
  }
}

/** Nobody listens there for the moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface Row {
  readonly type: string
  readonly name: string
  readonly requests: number
  readonly failures: number
}

/** A Locust with our file, and what it says; its CSV files are in a folder of its own. */
export class Locust {
  private readonly child: ChildProcess
  private readonly folder = mkdtempSync(join(tmpdir(), 'evenkeel-locust-'))
  private readonly closed: Promise<unknown>
  output = ''

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    const all = ['-f', FILE, '--csv', join(this.folder, 'run'), '--only-summary', ...args]
    this.child = spawn('locust', all, { env: { PATH: process.env.PATH, THINK: '0.02', ...env } })
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    this.closed = once(this.child, 'close')
  }

  async exit(): Promise<number | null> {
    await this.closed
    return this.child.exitCode
  }

  stop(): Promise<number | null> {
    this.child.kill('SIGTERM')
    return this.exit()
  }

  async says(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`it never said "${text}": ${this.output}`)
      await Promise.race([once(this.child.stderr!, 'data'), this.closed])
    }
  }

  /** Resolves when its CSV file tells of so many requests; Locust writes it once a second. */
  async books(requests: number): Promise<void> {
    while ((this.rows().at(-1)?.requests ?? 0) < requests) {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.output}`)
      await setTimeout(50)
    }
  }

  /** As its CSV file has it. */
  rows(): readonly Row[] {
    const file = join(this.folder, 'run_stats.csv')
    if (!existsSync(file)) return []
    const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n')
    return lines.map((line) => {
      const [type, name, requests, failures] = line.split(',')
      return { type, name, requests: Number(requests), failures: Number(failures) }
    })
  }

  [Symbol.dispose](): void {
    if (this.child.exitCode === null) this.child.kill('SIGKILL')
    rmSync(this.folder, { recursive: true })
  }
}
