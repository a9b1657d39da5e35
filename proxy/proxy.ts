import { isDeepStrictEqual } from 'node:util'
import { Admin } from './admin/admin.ts'
import { Eyes } from './admin/eyes.ts'
import { sourcesOf } from './admin/own-sources.ts'
import { allOf, appointing, type Change, NO_CHANGE, type Plan } from './change.ts'
import type { Balancer } from './core/balancer.ts'
import { Clock } from './core/clock.ts'
import type { Endpoint } from './core/endpoint.ts'
import { Memory } from './core/memory.ts'
import { Rng } from './core/rng.ts'
import { adjusted, type Rules, rulesOf } from './core/rules.ts'
import { Series } from './core/series.ts'
import { type Work, workOf } from './control/work.ts'
import type { WaitingLine } from './core/waiting-line.ts'
import { ChecksKeeper } from './health/checks-keeper.ts'
import { Probes } from './health/probes.ts'
import { requestIds } from './http/access-log.ts'
import { Active } from './http/active.ts'
import { capsOf } from './http/caps.ts'
import { contextOf, type Lasting } from './http/context-of.ts'
import { Counters } from './http/counters.ts'
import type { Door } from './http/door.ts'
import type { Downstream } from './http/downstream.ts'
import type { ExchangeContext } from './http/exchange-context.ts'
import { Exchange } from './http/exchange.ts'
import { Hedges } from './http/hedges.ts'
import type { ListenerOwner } from './http/listener.ts'
import { LogKeeper } from './http/log-keeper.ts'
import { isRejection, readRequestHead, type Rejection } from './http/request-head.ts'
import { type Recent, recentOf } from './http/recent.ts'
import { Room } from './http/room.ts'
import { Upstreams } from './http/upstreams.ts'
import type { ListenSettings } from './listen-settings.ts'
import { makeDoor } from './make-door.ts'
import type { ProxyOptions } from './proxy-options.ts'
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

/** The load balancer: puts the parts together, starts and stops them. It has no rule of its own. */
export class Proxy implements ListenerOwner {
  readonly balancer: Balancer
  readonly line: WaitingLine
  readonly series: Series
  readonly counters = new Counters()
  readonly clock: Clock
  readonly servers: Servers
  private settings: Settings
  private readonly team: Team | undefined
  private readonly now: () => number
  private readonly manual: boolean
  readonly listener: Door
  private readonly lasting: Lasting
  private context: ExchangeContext
  private hedges: Hedges | undefined
  rules: Rules
  private readonly keptChecks: ChecksKeeper
  readonly probes: Probes
  readonly eyes = new Eyes((prefix) => this.makeAdmin(prefix))
  private readonly keeper: LogKeeper
  readonly recent: Recent | undefined
  private readonly upstreams: Upstreams
  private readonly active: Active
  private timer: NodeJS.Timeout | undefined
  stopping = false
  lastReading = { ok: true, at: Date.now() }
  steeredAt: string | undefined = undefined
  private stoppedAt = Infinity
  /** Until then it only says that it is going to stop. */
  private readonly notice = { endsAt: Infinity, over: Promise.withResolvers<void>() }
  private released: Promise<void> | undefined

  constructor(settings: Settings, options: ProxyOptions = {}) {
    this.settings = settings
    const { team, warn = () => {} } = options
    this.team = team
    this.now = options.now ?? (() => performance.now())
    this.manual = options.now !== undefined
    const clock = (this.clock = new Clock(this.now()))
    const seed = settings.seed ?? (Math.random() * 2 ** 32) >>> 0
    const rng = new Rng(seed)
    const memory = team?.memory ?? new Memory()
    const caps = capsOf(settings.limits, memory)
    this.rules = rulesOf(settings, {
      clock,
      rng: rng.fork('balancer'),
      strategy: options.strategy ?? strategyOf(settings.strategy),
      ...(team && { room: team.room }),
      memory,
      ask: (server) => this.probes.ask(server),
      ...(options.journal && { journal: options.journal }),
    })
    const { balancer, line } = this.rules
    this.balancer = balancer
    this.line = line
    this.active = new Active(warn, team?.memory.thread)
    const touch = (): number => (clock.now = this.now())
    this.probes = new Probes({
      settings: settings.probes,
      balancer,
      touch,
      idleTimeout: settings.timeouts.upstreamIdle,
      warn,
    })
    const health = team === undefined ? settings.health : false
    this.keptChecks = new ChecksKeeper(health, balancer, clock, rng.fork('health'))
    this.upstreams = new Upstreams(settings.timeouts)
    const { keptChecks, probes, upstreams } = this
    const { checks } = keptChecks
    this.servers = new Servers(this.balancer, { checks, probes, tls: settings.tls, upstreams })
    for (const server of settings.servers) {
      this.servers.begin(server, team?.placeOf(server.id))
    }
    this.series = new Series(clock, this.balancer, team && Infinity, this.line)
    this.keeper = new LogKeeper(settings.accessLog, team?.stdout, this.now)
    this.recent = recentOf(settings, balancer, this.active, clock, this.keeper.origin)
    this.lasting = {
      active: this.active,
      recent: this.recent,
      balancer,
      clock,
      counters: this.counters,
      servers: this.servers,
      line,
      room: new Room(line),
      recorder: this.series,
      nextRequestId: requestIds(rng.fork(`ids of thread ${memory.thread}`).seed ^ Date.now()),
      touch,
      origin: this.keeper.origin,
      unix: this.manual ? () => clock.now : Date.now,
      upstreamOf: (server) => upstreams.of(server),
      suspect: (server) => (team ?? keptChecks.checks)?.suspect(server),
    }
    this.context = this.makeContext()
    this.listener = makeDoor(this, { settings, clock, caps, team, unix: this.lasting.unix, warn })
    this.eyes.follow(settings.stats)
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
    if (isRejection(head) || (head.upgrade && request.upgrade === undefined)) request.close()
    const { admin } = this.eyes
    if (!isRejection(head) && admin?.handles(head.path) === true) {
      this.context.touch()
      admin.handle(request, head.path)
    } else {
      new Exchange(this.context, request).start(head)
    }
  }

  onRejected(rejection: Rejection, address: string): void {
    Counters.increase(this.counters.refused, rejection.word)
    this.counters.byClass[Math.floor(rejection.status / 100)]++
    this.keeper.log?.rejected(rejection, address, this.context.touch())
  }

  /**
   * Gets ready for other settings, servers or another strategy. What comes in after the commit goes by them; a request that is under
   * way keeps the rules that it began with. Throws if it cannot be, and has changed nothing by then.
   */
  prepare({ onSkipped, servers = [], settings = this.settings, strategy }: Plan): Change {
    this.servers.judge(servers)
    const changed = settings !== this.settings
    return allOf([
      () => (changed ? this.keeper.prepare(settings.accessLog) : NO_CHANGE),
      () => appointing(this.balancer, strategy),
      () => ({
        cancel() {},
        commit: () => {
          if (changed) this.follow(settings)
          else this.context = this.makeContext()
          this.servers.change(servers, onSkipped)
        },
      }),
    ])
  }

  private follow(settings: Settings): void {
    const { probes, timeouts } = settings
    const same = isDeepStrictEqual(settings.hedging, this.settings.hedging)
    this.settings = settings
    this.context.touch()
    this.rules = adjusted(this.rules, settings, same)
    this.context = this.makeContext()
    this.listener.follow(settings)
    this.upstreams.follow(timeouts)
    this.probes.follow(probes, timeouts.upstreamIdle)
    if (this.team === undefined) this.keptChecks.follow(settings.health, this.servers)
    this.eyes.follow(settings.stats)
  }

  private makeContext(): ExchangeContext {
    const { keeper, lasting, manual, rules, settings } = this
    const { hedging, retry } = rules
    if (hedging !== undefined) {
      this.hedges ??= new Hedges(hedging, lasting.touch, manual)
      this.hedges.rule = hedging
    }
    return contextOf(lasting, settings, keeper.log, { hedges: hedging && this.hedges, retry })
  }

  get linesLost(): number {
    return this.keeper.log?.dropped ?? 0
  }

  workAt(server: Endpoint): Promise<Work> {
    return Promise.resolve(workOf(server, this, this.settings.timeouts))
  }

  /** Ten times a second: everything that happens because time passes. */
  tick(): void {
    const now = this.context.touch()
    this.balancer.tick() // It finds out first if we have slept: see `Ejection`.
    this.active.check(now, this.settings.timeouts)
    this.hedges?.ring(now)
    this.keptChecks.checks?.tick()
    this.probes.tick(now)
    this.servers.tick()
    this.line.expire()
    this.line.serve()
    this.series.tick(this.balancer.servers)
    this.keeper.tick()
    this.listener.tick()
    if (now >= this.notice.endsAt) this.notice.over.resolve()
    if (now - this.stoppedAt >= IDLE_GRACE) this.listener.closeIdle()
    const over = now - this.stoppedAt - this.settings.timeouts.stop
    if (over >= 0) this.active.writeOff()
    if (over >= TICK) this.listener.kill()
  }

  /**
   * Says for `timeouts.notice` that it is not ready, and serves; then accepts nothing new, answers what has come in, and
   * resolves when everybody has gone: after `timeouts.stop` at the latest. Clients on idle connections get a second to send
   * what they were just about to.
   */
  async stop(): Promise<void> {
    const { notice } = this.settings.timeouts
    if (!this.stopping) {
      this.stopping = true
      this.notice.endsAt = this.context.touch() + notice
    }
    if (notice > 0) await this.notice.over.promise
    if (this.stoppedAt === Infinity) {
      this.stoppedAt = this.context.touch()
      this.eyes.close()
    }
    await this.listener.drain()
    this.active.writeOff() // Connections are gone before their last requests have heard of it.
    await this.release()
  }

  /** Ends everything at once. */
  kill(): void {
    this.stopping = true
    this.notice.over.resolve()
    this.eyes.close()
    this.active.writeOff()
    this.keeper.log?.flushNow()
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
    this.hedges?.close()
    await this.keptChecks.checks?.stop()
    await this.probes.stop()
    await this.upstreams.destroy()
    await this.keeper.log?.close(LOG_GRACE)
  }

  private makeAdmin(prefix: string): Admin {
    const own = sourcesOf(prefix, this, this.team?.startedAt)
    return new Admin(this.team?.whole(own) ?? own)
  }
}
