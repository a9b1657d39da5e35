import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stats } from '../../proxy/admin/stats.ts'
import { GO_ON } from '../../proxy/strategy-choice.ts'
import { isLoopback } from '../../proxy/loopback.ts'
import { Child, StartError } from './child.ts'
import { Desk, DeskError } from './desk.ts'
import { type EventFollower, followEvents } from './follow-events.ts'
import { type Fake, Fleet, type FleetEvent } from './fleet.ts'
import type { FakeBooks, FakeCounts } from './ledger.ts'
import type { UpOptions } from './options.ts'
import { fakeProgram, proxyConfiguration, proxyProgram } from './programs.ts'

const STOP_GRACE = 10_000
/** How long the proxy may take to finish what the generator has its answer to already, in milliseconds. */
const SETTLE = 2000
/** What the proxy itself says, and not a strategy of the user's that prints. */
const PROXY_SAYS = 'evenkeel proxy: '

/** The fakes and the proxy in front of them, each in a process of its own. */
export class Lab {
  /** Of the proxy. */
  url = ''
  onFleetEvent: ((event: FleetEvent) => void) | undefined
  /** Hears what the proxy says from its start on. */
  onNotice: ((notice: string) => void) | undefined
  /** All that it has said. */
  readonly notices: string[] = []
  private readonly options: UpOptions
  private readonly fleet: Fleet
  private proxy: Child | undefined
  private readonly desk: Desk
  private hangUp: (() => void) | undefined
  private stopping = false

  constructor(options: UpOptions) {
    this.options = options
    this.fleet = new Fleet(options.servers, (i, port) => fakeProgram(options, i, port))
    this.fleet.onEvent = (event) => this.onFleetEvent?.(event)
    this.desk = new Desk(this.fakes)
  }

  /** Where people can see the proxy, steer it and break its servers. */
  get page(): string {
    return `${isLoopback(this.options.host) ? this.desk.url : this.url}/lb/`
  }

  /** Of the proxy. */
  get pid(): number | undefined {
    return this.proxy?.pid
  }

  get fakes(): readonly Fake[] {
    return this.fleet.fakes
  }

  /** Another strategy has taken over from the one that was asked for: the figures are of both. */
  get replaced(): boolean {
    return this.notices.some((notice) => notice.includes(GO_ON))
  }

  /** Rejects with a `StartError`; then stop it. */
  async start(): Promise<void> {
    await this.fleet.start()
    await this.desk.listen(this.options)
    const directory = await mkdtemp(join(tmpdir(), 'evenkeel-'))
    try {
      const file = join(directory, 'proxy.json')
      await writeFile(file, proxyConfiguration(this.options, this.fakes, this.desk.url))
      if (this.stopping) return
      this.proxy = new Child(proxyProgram(file))
      this.proxy.onLine = (line) => this.onProxyLine(line)
      this.url = await this.proxy.listening
      this.desk.admin = this.proxy.admin
    } finally {
      // Read once, at the start.
      await rm(directory, { recursive: true })
    }
  }

  /** Why the proxy has ended, when it has without being asked to. */
  async broken(): Promise<string> {
    const reason = await this.proxy!.exited
    return [`the proxy is gone: ${reason}`, this.proxy!.lastWords].join('\n').trim()
  }

  follow(follower: EventFollower): void {
    this.hangUp = followEvents(`${this.url}/lb/events`, follower)
  }

  /** The proxy's figures, once it has finished `exchanges` requests or has had time enough to. */
  async stats(exchanges: (stats: Stats) => number, expected: number): Promise<Stats> {
    const giveUpAt = performance.now() + SETTLE
    for (;;) {
      const stats = await getJson<Stats>(`${this.url}/lb/stats`)
      const settled = stats.inFlight === 0 && exchanges(stats) >= expected
      if (settled || performance.now() > giveUpAt) return stats
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** What the fakes counted, asked at their own doors. */
  async fakeBooks(): Promise<FakeBooks[]> {
    return Promise.all(
      this.fakes.map(async ({ id, url, starts }) => {
        const state = await getJson<{ counts: FakeCounts }>(`${url}/_fake`).catch(() => null)
        return { id, starts, counts: state?.counts ?? null }
      }),
    )
  }

  /** The proxy first, so that it does not see its servers go. */
  async stop(): Promise<void> {
    this.stopping = true
    this.hangUp?.()
    this.desk.close()
    await this.proxy?.stop(STOP_GRACE)
    await this.fleet.stop()
  }

  kill(): void {
    this.stopping = true
    this.proxy?.kill()
    this.fleet.kill()
  }

  private onProxyLine(line: string): void {
    // That it listens and that it stops is told elsewhere, for all of the lab.
    if (!line.startsWith(PROXY_SAYS) || line.includes(`(process ${this.pid},`) || this.stopping)
      return
    const notice = line.slice(PROXY_SAYS.length)
    this.notices.push(notice)
    this.onNotice?.(notice)
  }

  /** Why it could not start, and which flag would change that. */
  whyNot(error: unknown): string {
    const { adminPort, host, port, backendPort, servers } = this.options
    if (error instanceof DeskError) {
      return error.code === 'EADDRINUSE'
        ? `port ${adminPort} on 127.0.0.1 is in use: choose another for the page with --admin-port`
        : `the page cannot be at port ${adminPort} (${error.message}): choose another with --admin-port`
    }
    if (!(error instanceof StartError)) return String(error)
    const { program, code } = error
    if (code === 'EADDRINUSE' && program === 'proxy') {
      return `port ${port} on ${host} is in use: choose another for the proxy with --port`
    }
    if (code === 'EADDRINUSE') {
      const own = backendPort + this.fakes.findIndex(({ id }) => id === program)
      const range =
        servers === 1 ? '' : ` (they take ${backendPort} to ${backendPort + servers - 1})`
      return `port ${own} on ${host} is in use: choose others for the fakes with --backend-port${range}`
    }
    if (code === 'EACCES') {
      return `${program} may not listen there: choose ports from 1024 up with --port and --backend-port`
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      return `${host} is no address of this machine: choose one with --host`
    }
    return `${program} did not start: ${error.message}`
  }
}

/** Rejects when there is no answer within two seconds, or one that is no JSON. */
function getJson<T>(url: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: SETTLE }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text += piece))
      response.on('error', reject)
      response.on('end', () => {
        try {
          resolve(JSON.parse(text) as T)
        } catch (error) {
          reject(error)
        }
      })
    })
    request.on('timeout', () => request.destroy(new Error(`${url} does not answer`)))
    request.on('error', reject)
  })
}
