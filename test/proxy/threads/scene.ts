import { afterEach } from 'vitest'
import { chooseStrategy, ROUND_ROBIN, trusted } from '../../../proxy/strategy-choice.ts'
import { Coordinator } from '../../../proxy/threads/coordinator.ts'
import { portOf, type TestSettings, testSettings } from '../../support/proxy.ts'
import { until } from '../../support/until.ts'
import { CountingBackend } from './counting-backend.ts'
import { KeepAliveClient } from './keep-alive-client.ts'

export const THREADS = 4
/** So many connections that one of four threads has none once in thirty million times. */
const CLIENTS = 64

/** A proxy of four threads, its servers and its clients; all of them end with the test. */
export class ThreadScene {
  readonly said: string[] = []
  readonly backends: CountingBackend[] = []
  clients: KeepAliveClient[] = []
  coordinator!: Coordinator
  port = 0
  /** Why the proxy gave up. */
  readonly gaveUp = Promise.withResolvers<string>()

  async start(
    strategy: string,
    servers: readonly { weight?: number; max?: number }[],
    settings: Partial<TestSettings> = {},
    withClients = true,
  ): Promise<void> {
    for (const index of servers.keys()) {
      this.backends.push(await CountingBackend.start(`b${index + 1}`))
    }
    const given = servers.map((server, i) => ({ ...server, url: this.backends[i].url }))
    const all = testSettings({ strategy, servers: given, workers: THREADS, ...settings })
    const say = (message: string): void => void this.said.push(message)
    const choice = await chooseStrategy(all)
    this.coordinator = new Coordinator(all, {
      say,
      giveUp: this.gaveUp.resolve,
      strategy: trusted(choice, ROUND_ROBIN, say),
      print: choice.print,
    })
    this.port = portOf(await this.coordinator.listen())
    if (withClients) this.clients = await this.connect()
  }

  /** As many clients as all threads get some of. */
  connect(): Promise<KeepAliveClient[]> {
    return KeepAliveClient.all(this.port, CLIENTS)
  }

  get counts(): number[] {
    return this.backends.map(({ count }) => count)
  }

  get inflight(): number {
    return this.coordinator.balancer.servers.reduce((sum, { inflight }) => sum + inflight, 0)
  }

  /** What any of the threads says of all of them. */
  async stats<T>(): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/lb/stats`, {
      headers: { connection: 'close' },
    })
    return (await answer.json()) as T
  }

  readonly until = until

  async end(): Promise<void> {
    for (const client of this.clients) client.leave()
    for (const backend of this.backends) backend.stop()
    await this.coordinator.kill()
  }
}

/** For the top of a test file. */
export function useThreads(): () => ThreadScene {
  const scenes: ThreadScene[] = []
  afterEach(async () => {
    for (const scene of scenes.splice(0)) await scene.end()
  })
  return () => {
    const scene = new ThreadScene()
    scenes.push(scene)
    return scene
  }
}
