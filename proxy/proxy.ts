import { Admin } from './admin/admin.ts'
import type { Balancer } from './core/balancer.ts'
import { Clock } from './core/clock.ts'
import type { Endpoint } from './core/endpoint.ts'
import { Memory } from './core/memory.ts'
import type { RetryPolicy } from './core/retry.ts'
import { Rng } from './core/rng.ts'
import { type Rules, rulesOf } from './core/rules.ts'
import { Series } from './core/series.ts'
import type { StrategyFactory } from './core/strategy.ts'
import type { Tally } from './core/tally.ts'
import type { WaitingLine } from './core/waiting-line.ts'
import { ActiveChecks } from './health/active-checks.ts'
import { Probes } from './health/probes.ts'
import { AccessLog, requestIds } from './http/access-log.ts'
import { Active } from './http/active.ts'
import { type Affinity, affinityBy } from './http/affinity.ts'
import { capsOf } from './http/caps.ts'
import { Counters } from './http/counters.ts'
import type { Door } from './http/door.ts'
import type { Downstream } from './http/downstream.ts'
import type { ExchangeContext } from './http/exchange-context.ts'
import { Exchange } from './http/exchange.ts'
import { Hedges } from './http/hedges.ts'
import type { ListenerOwner } from './http/listener.ts'
import { isRejection, readRequestHead, type Rejection } from './http/request-head.ts'
import { Room } from './http/room.ts'
import { stickinessBy } from './http/stickiness.ts'
import { trustedProxies } from './http/trusted-proxies.ts'
import { Upstreams } from './http/upstreams.ts'
import type { ListenSettings } from './listen-settings.ts'
import { makeDoor } from './make-door.ts'
import { Servers } from './servers.ts'
import type { Settings } from './settings.ts'
import { strategyOf } from './strategy-choice.ts'
import type { Team } from './threads/team.ts'

/** How often deadlines, health, logs and the recorder are looked after, in milliseconds. */
const TICK = 100
/** How long whoever reads the access log may take for its last lines, in milliseconds. */
const LOG_GRACE = 1000
/** How long a client on an idle connection has to notice that the proxy is stopping, in milliseconds. */
const IDLE_GRACE = 1000

export interface ProxyOptions {
  /**
   * Reads a monotonic clock, in milliseconds. A test that gives its own moves time by hand: then nothing ticks by itself, and
   * `tick` is the test's to call.
   */
  now?: () => number
  /** Told what whoever runs the proxy should know, in a line. */
  warn?: (message: string) => void
  /** Chooses in place of what the settings say: has to be given for a strategy from a file, which takes time to load. */
  strategy?: StrategyFactory
  /** This proxy is one of several threads. */
  team?: Team
}

/** The load balancer: puts the parts together, starts them, stops them. It has no rule of its own. */
export class Proxy implements ListenerOwner {
  readonly balancer: Balancer
  readonly line: WaitingLine
  readonly series: Series
  readonly counters = new Counters()
  readonly clock: Clock
  readonly servers: Servers
  private readonly settings: Settings
  private readonly team: Team | undefined
  private readonly now: () => number
  private readonly manual: boolean
  readonly listener: Door
  private readonly context: ExchangeContext
  private readonly checks: ActiveChecks | undefined
  readonly probes: Probes
  private readonly admin: Admin | undefined
  private readonly log: AccessLog | undefined
  private readonly upstreams: Upstreams
  private readonly active = new Active()
  private timer: NodeJS.Timeout | undefined
  private stopping = false
  private stoppedAt = Infinity
  private released: Promise<void> | undefined

  constructor(settings: Settings, options: ProxyOptions = {}) {
    this.settings = settings
    const { team, warn = () => {} } = options
    this.team = team
    this.now = options.now ?? (() => performance.now())
    this.manual = options.now !== undefined
    this.clock = new Clock(this.now())
    const { clock } = this
    const seed = settings.seed ?? (Math.random() * 2 ** 32) >>> 0
    const rng = new Rng(seed)
    const strategy = options.strategy ?? strategyOf(settings.strategy)
    const memory = team?.memory ?? new Memory()
    const caps = capsOf(settings.limits, memory)
    const rules = rulesOf(settings, {
      clock,
      rng: rng.fork('balancer'),
      strategy,
      memory,
      ask: (server) => this.probes.ask(server),
    })
    this.balancer = rules.balancer
    this.line = rules.line
    this.probes = this.makeProbes(warn)
    this.checks =
      settings.health === false || team !== undefined
        ? undefined
        : new ActiveChecks(settings.health, this.balancer, clock, rng.fork('health'))
    this.upstreams = new Upstreams(settings.timeouts)
    const { checks, probes, upstreams } = this
    this.servers = new Servers(this.balancer, { checks, probes, tls: settings.tls, upstreams })
    for (const server of settings.servers) {
      const [slot, unproven] = team?.placeOf(server.id) ?? []
      this.servers.begin(server, slot, unproven)
    }
    this.series = new Series(clock, this.balancer, team && Infinity, this.line)
    this.log = this.makeLog()
    this.context = this.makeContext(rules, rng)
    this.listener = makeDoor(this, { settings, clock, caps, team, warn })
    this.admin =
      settings.stats === false ? undefined : this.makeAdmin(settings.stats.prefix, rules.retry)
  }

  /** Rejects with the operating system's error, for example EADDRINUSE. */
  async listen(): Promise<ListenSettings[]> {
    const places = await this.listener.listen(this.settings.listen, this.team !== undefined)
    if (!this.manual) this.timer = setInterval(() => this.tick(), TICK)
    return places
  }

  onRequest(request: Downstream): void {
    const head = request.rejection ?? readRequestHead(request, this.settings.limits)
    // What follows a refused request, or an offer to change the protocol, cannot be trusted to be a request.
    if (isRejection(head) || head.upgrade) request.close()
    if (!isRejection(head) && this.admin?.handles(head.path) === true) {
      this.context.touch()
      this.admin.handle(request, head.path)
    } else {
      new Exchange(this.context, request).start(head)
    }
  }

  onRejected(rejection: Rejection, address: string): void {
    Counters.increase(this.counters.refused, rejection.word)
    this.counters.byClass[Math.floor(rejection.status / 100)]++
    this.log?.rejected(rejection, address, this.context.touch())
  }

  /** Chooses by another strategy from the next request on. */
  useStrategy(strategy: StrategyFactory): void {
    this.balancer.useStrategy(strategy)
    this.context.affinity = this.affinity()
  }

  /** Of the access log: how many could not be kept or written. */
  get linesLost(): number {
    return this.log?.dropped ?? 0
  }

  /** What the attempts at this server came to since the beginning. */
  attemptsAt(server: Endpoint): Promise<Tally> {
    return Promise.resolve(this.series.attemptsOf(server))
  }

  /** Ten times a second: everything that happens because time passes. */
  tick(): void {
    const now = this.context.touch()
    this.active.check(now)
    this.context.hedges?.ring(now)
    this.checks?.tick()
    this.probes.tick(now)
    this.balancer.tick()
    this.servers.tick()
    this.line.expire()
    this.line.serve()
    this.series.tick(this.balancer.servers)
    this.log?.flush()
    this.listener.tick()
    if (now - this.stoppedAt >= IDLE_GRACE) this.listener.closeIdle()
    const over = now - this.stoppedAt - this.settings.timeouts.stop
    if (over >= 0) this.active.writeOff()
    if (over >= TICK) this.listener.kill()
  }

  /**
   * Accepts nothing new, answers what has come in, and resolves when everybody has gone: after `timeouts.stop` at the
   * latest. Clients on idle connections get a second to send what they were just about to.
   */
  async stop(): Promise<void> {
    if (!this.stopping) {
      this.stopping = true
      this.stoppedAt = this.context.touch()
      this.admin?.close()
    }
    await this.listener.drain()
    this.active.writeOff() // Connections are gone before their last requests have heard of it.
    await this.release()
  }

  /** Ends everything at once. */
  kill(): void {
    this.stopping = true
    this.admin?.close()
    this.active.writeOff()
    this.log?.flushNow()
    this.listener.kill()
    void this.listener.drain()
    void this.release()
  }

  /** Once, however often the proxy is stopped. */
  private release(): Promise<void> {
    this.released ??= this.releaseAll()
    return this.released
  }

  private async releaseAll(): Promise<void> {
    clearInterval(this.timer)
    this.context.hedges?.close()
    await this.checks?.stop()
    await this.probes.stop()
    await this.upstreams.destroy()
    await this.log?.close(LOG_GRACE)
  }

  private makeProbes(warn: (message: string) => void): Probes {
    const { balancer, clock, now, settings } = this
    return new Probes({
      settings: settings.probes,
      balancer,
      touch: () => (clock.now = now()),
      idleTimeout: settings.timeouts.upstreamIdle,
      warn,
    })
  }

  /** Undefined where nobody asks for keys: to work them out costs something. */
  private affinity(trusts = this.context.trusts): Affinity | undefined {
    const asked = this.log !== undefined || this.balancer.keyed
    return asked ? affinityBy(this.settings.affinity, trusts) : undefined
  }

  private makeLog(): AccessLog | undefined {
    const { clock, settings, team } = this
    if (settings.accessLog === false) return undefined
    const target = settings.accessLog === 'stdout' ? (team?.stdout ?? 'stdout') : settings.accessLog
    return new AccessLog(target, Date.now() - clock.now)
  }

  private makeContext({ hedging, line, retry }: Rules, rng: Rng): ExchangeContext {
    const { active, balancer, checks, clock, counters, log, now, series, settings, team } = this
    const touch = (): number => (clock.now = now())
    const trusts = trustedProxies(settings.trustedProxies)
    const unix = this.manual ? () => clock.now : Date.now
    return {
      active,
      balancer,
      clock,
      counters,
      line,
      log,
      retry,
      room: new Room(line),
      affinity: this.affinity(trusts),
      stickiness: stickinessBy(settings.stickiness, { balancer, now: unix, trusts }),
      limits: settings.limits,
      timeouts: settings.timeouts,
      recorder: series,
      nextRequestId: requestIds(
        rng.fork(`ids of thread ${team?.memory.thread ?? 0}`).seed ^ Date.now(),
      ),
      trusts,
      touch,
      hedges: hedging && new Hedges(hedging, touch, this.manual),
      upstreamOf: (server) => this.upstreams.of(server),
      suspect: (server) => (team ?? checks)?.suspect(server),
    }
  }

  private makeAdmin(prefix: string, retry: RetryPolicy): Admin {
    const { balancer, clock, counters, probes, series, team } = this
    const stopping = (): boolean => this.stopping
    const own = {
      prefix,
      balancer,
      clock,
      connections: this.listener.connections,
      counters,
      probes,
      retry,
      series,
      startedAt: team?.startedAt ?? new Date().toISOString(),
      get stopping() {
        return stopping()
      },
      linesLost: () => this.linesLost,
    }
    return new Admin(team?.whole(own) ?? own)
  }
}
