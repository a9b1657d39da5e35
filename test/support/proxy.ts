import { Proxy } from '../../proxy/proxy.ts'
import type { ListenSettings } from '../../proxy/listen-settings.ts'
import type { ServerSettings, Settings } from '../../proxy/settings.ts'
import { TLS_DEFAULTS } from '../../proxy/upstream-settings.ts'

/** Settings of a test: what a test does not say is the documented default, without checks, ejection, panic, log and jitter. */
export interface TestSettings extends Omit<
  Partial<Settings>,
  'servers' | 'timeouts' | 'limits' | 'retries'
> {
  servers: (string | (Partial<ServerSettings> & { url: string }))[]
  timeouts?: Partial<Settings['timeouts']>
  limits?: Partial<Settings['limits']>
  retries?: Partial<Settings['retries']>
}

export function testSettings(given: TestSettings): Settings {
  const { limits, retries, servers, timeouts, ...rest } = given
  return {
    listen: [{ host: '127.0.0.1', port: 0, proxyProtocol: false }],
    strategy: 'round_robin',
    dns: { servers: [], timeout: 1000, minTtl: 1000, maxTtl: 300_000, hold: 30_000 },
    tls: TLS_DEFAULTS,
    health: false,
    slowStart: false,
    ejection: false,
    panic: 0,
    queue: { length: 1024, timeout: 5000 },
    hedging: false,
    probes: { path: '/probe', timeout: 1000 },
    accessLog: false,
    admin: false,
    explain: { size: 1000 },
    stats: { prefix: '/lb' },
    trustedProxies: [],
    affinity: 'address',
    stickiness: false,
    upgrades: ['websocket'],
    tracing: false,
    workers: 1,
    seed: 1,
    ...rest,
    servers: servers.map((server, i) => ({
      id: `b${i + 1}`,
      weight: 1,
      backup: false,
      ...(typeof server === 'string' ? { url: server } : server),
    })),
    timeouts: {
      connect: 3000,
      response: 15_000,
      idleBody: 60_000,
      total: 60_000,
      clientHeader: 10_000,
      clientBody: 30_000,
      clientIdle: 65_000,
      upstreamIdle: 30_000,
      stop: 30_000,
      notice: 0,
      tunnelIdle: 3_600_000,
      tunnelDrain: 300_000,
      ...timeouts,
    },
    retries: { attempts: 1, budget: 0.2, minPerSecond: 3, ...retries },
    limits: {
      headSize: 16_384,
      fields: 100,
      target: 8192,
      streams: 100,
      replay: 65_536,
      connections: 'auto',
      ...limits,
    },
  }
}

/** Of the first place. */
export function portOf([place]: readonly ListenSettings[]): number {
  if ('socket' in place) throw new Error(`${place.socket} has no port`)
  return place.port
}

/** A real proxy on a free port whose time stands still until the test moves it. */
export class TestProxy {
  readonly proxy: Proxy
  port = 0
  places: readonly ListenSettings[] = []
  /** What whoever runs it would be told. */
  readonly warnings: string[] = []
  private now = 1000

  private constructor(settings: Settings) {
    this.proxy = new Proxy(settings, {
      now: () => this.now,
      warn: (message) => this.warnings.push(message),
    })
  }

  static async start(settings: TestSettings): Promise<TestProxy> {
    const test = new TestProxy(testSettings(settings))
    test.places = await test.proxy.listen()
    test.port = 'port' in test.places[0] ? test.places[0].port : 0
    return test
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Moves time, in steps of a tick. */
  advance(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left -= 100) {
      this.now += Math.min(100, left)
      this.proxy.tick()
    }
  }

  /** Connections of clients, wherever they have come to. */
  get open(): number {
    return this.proxy.listener.connections.open
  }

  /** Time passes, and the next tick is still to come. */
  pass(milliseconds: number): void {
    this.now += milliseconds
  }

  /** Time jumps, with no tick in between: as for a machine that was suspended. */
  suspend(milliseconds: number): void {
    this.now += milliseconds
    this.proxy.tick()
  }

  get inflight(): number {
    return this.proxy.balancer.servers.reduce((sum, server) => sum + server.inflight, 0)
  }
}
