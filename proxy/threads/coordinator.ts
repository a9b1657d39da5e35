import type { Change, Plan } from '../change.ts'
import type { Balancer } from '../core/balancer.ts'
import { Clock } from '../core/clock.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { Memory } from '../core/memory.ts'
import { Rng } from '../core/rng.ts'
import { adjusted, type Rules, rulesOf } from '../core/rules.ts'
import { Series } from '../core/series.ts'
import type { StrategyFactory } from '../core/strategy.ts'
import type { Work } from '../control/work.ts'
import { ChecksKeeper } from '../health/checks-keeper.ts'
import type { RecentRequests } from '../http/recent.ts'
import { FileSink } from '../http/log-sink.ts'
import type { ListenSettings } from '../listen-settings.ts'
import type { Reading } from '../reload.ts'
import { Servers } from '../servers.ts'
import type { Settings } from '../settings.ts'
import { ROUND_ROBIN, strategyOf } from '../strategy-choice.ts'
import { Accounts } from './accounts.ts'
import { Agreement } from './agreement.ts'
import { Briefing } from './briefing.ts'
import { bookOfAll } from './book-of-all.ts'
import { Doors } from './doors.ts'
import { Crew, type CrewOwner } from './crew.ts'
import type { Member } from './member.ts'
import { Overview } from './overview.ts'
import type { FromWorker, ToWorker, WorkerData } from './messages.ts'
import { OfficeKeeper } from './office-keeper.ts'
import { probe, sharedBy } from './probe.ts'
import { toldOnce } from './told-once.ts'
import { bytesFor, roomFor, SLOTS } from './shared-memory.ts'

/** As often as a proxy of one thread, in milliseconds. */
const TICK = 100
/** How long whoever reads standard output may take for the last lines, in milliseconds. */
const LOG_GRACE = 1000

export interface CoordinatorOptions {
  /** Tells the operator something. */
  say(message: string): void
  /** The proxy cannot go on. */
  giveUp(message: string): void
  /** Has to be given for a strategy from a file. The workers load it for themselves: functions cannot be sent. */
  strategy?: StrategyFactory
  /** Of that file, so that they can tell whether it is still the same: see `Choice`. */
  print?: string | undefined
}

/**
 * The proxy in several threads: each has a listener on the same port, pools of its own and a balancer over the memory of all.
 * The coordinator takes no request. It makes the active checks, adds up what the threads have counted, and writes to standard
 * output for them.
 */
export class Coordinator implements CrewOwner {
  readonly balancer: Balancer
  readonly servers: Servers
  private readonly crew: Crew
  private settings: Settings
  private readonly office: OfficeKeeper
  rules: Rules
  private readonly agreement: Agreement
  private turns = 0
  private reading: Reading = { ok: true, at: Date.now() }
  private readonly options: CoordinatorOptions
  readonly clock = new Clock(performance.now())
  private readonly startedAt = new Date().toISOString()
  private readonly buffer: SharedArrayBuffer
  readonly listener: Doors
  readonly series: Series
  private readonly keptChecks: ChecksKeeper
  private stdout: FileSink | undefined
  private readonly accounts: Accounts
  private readonly overview: Overview
  readonly eyes: Overview['eyes']
  stopping = false
  steeredAt: string | undefined = undefined
  readonly recent: RecentRequests | undefined
  private readonly sayOnce: (message: string) => void
  private readonly briefing: Briefing
  private timer: NodeJS.Timeout | undefined

  constructor(settings: Settings, options: CoordinatorOptions) {
    const seed = settings.seed ?? (Math.random() * 2 ** 32) >>> 0
    this.settings = { ...settings, seed }
    this.options = options
    this.sayOnce = toldOnce((message) => options.say(message))
    this.crew = new Crew(settings.workers, settings.listen, this)
    const { clock } = this
    const rng = new Rng(seed)
    const strategy = options.strategy ?? strategyOf(settings.strategy)
    const thread = settings.workers
    const threads = thread + 1
    this.buffer = new SharedArrayBuffer(bytesFor(settings, threads))
    const room = new SharedArrayBuffer(roomFor(strategy, threads))
    const first = { settings: settings.strategy, fallback: ROUND_ROBIN.settings }
    const memory = new Memory(SLOTS, { buffer: this.buffer, thread, threads })
    this.listener = new Doors(settings, memory, (news) => this.crew.tell(news))
    this.rules = rulesOf(settings, {
      // A strategy may wait for the lock. If a dead thread holds it, it is we who have to find that out.
      watches: true,
      clock,
      rng: rng.fork('balancer'),
      strategy,
      room,
      memory,
    })
    this.balancer = this.rules.balancer
    const office = { turn: 0, ...first, print: options.print, gaveWay: false, room }
    this.office = new OfficeKeeper(this.balancer, threads, office)
    const tell = (news: ToWorker): void => this.crew.tell(news)
    const book = bookOfAll(this.balancer, tell)
    this.keptChecks = new ChecksKeeper(settings.health, book, clock, rng.fork('health'))
    this.agreement = new Agreement(tell)
    const { checks } = this.keptChecks
    this.servers = new Servers(this.balancer, { checks, tell, tls: settings.tls })
    this.briefing = new Briefing(this.balancer.servers)
    for (const server of settings.servers) this.servers.begin(server)
    this.series = new Series(clock, this.balancer, undefined, this.rules.line)
    const touch = (): void => void (clock.now = performance.now())
    this.accounts = new Accounts(this.crew, this.series, touch, () => this.stdout?.dropped ?? 0)
    this.recent = settings.explain ? this.accounts.gathering.recent : undefined
    this.overview = new Overview(this, this.startedAt, this.accounts, this.briefing, tell)
    this.eyes = this.overview.eyes
    this.overview.follow(settings)
    this.series.listen(this.overview)
  }

  /** The workers, by their thread. */
  get members(): ReadonlyMap<number, Member> {
    return this.crew.members
  }

  /** Rejects with the operating system's error, for example EADDRINUSE. */
  async listen(): Promise<ListenSettings[]> {
    await probe(this.settings.listen)
    this.timer = setInterval(() => this.tick(), TICK)
    return this.crew.start()
  }

  /** Lets every thread finish what it has. Resolves when all are gone. */
  async stop(): Promise<void> {
    this.stopping = true
    this.eyes.close()
    const { timeouts } = this.settings
    await this.crew.stop(timeouts.notice + timeouts.stop).then(() => this.release())
  }

  /** Ends everything at once; threads have a moment to say so to their clients. */
  async kill(): Promise<void> {
    await this.crew.kill()
    this.stdout?.flushNow()
    await this.release()
  }

  /** Gets all threads ready, or none: see `Agreement`. */
  async prepare({ onSkipped, servers = [], settings, strategy }: Plan): Promise<Change> {
    this.servers.judge(servers)
    const turn = ++this.turns
    const { office, ...own } = this.office.prepare(strategy, turn)
    // The admin API's token is not for what threads load.
    const told = settings && { ...settings, admin: false as const, seed: this.settings.seed! }
    try {
      await this.agreement.prepare({ turn, settings: told, office }, this.crew.present)
    } catch (error) {
      own.cancel()
      throw error
    }
    const commit = (): void => {
      this.agreement.commit()
      own.commit()
      if (settings !== undefined) this.follow(settings)
      this.servers.change(servers, onSkipped)
    }
    const cancel = (): void => {
      this.agreement.cancel()
      own.cancel()
    }
    return { commit, cancel }
  }

  get lastReading(): Reading {
    return this.reading
  }

  set lastReading(reading: Reading) {
    this.reading = reading
    this.crew.tell({ type: 'reading', reading })
  }

  onMessage(member: Member, message: FromWorker): void {
    switch (message.type) {
      case 'suspect':
        this.suspect(message.id)
        break
      case 'account':
      case 'recalled':
        this.accounts.gathering.receive(member, message)
        break
      case 'ask':
        void this.accounts.answer(member)
        break
      case 'warn':
        this.sayOnce(`warning: ${message.message}`)
        break
      case 'gaveWay':
        this.giveWay(message.turn, message.message)
        break
      case 'prepared':
        this.agreement.answered(member, message.turn, message.problem)
        break
      case 'lines':
        this.stdout ??= new FileSink('stdout')
        this.stdout.add(message.lines)
        break
      case 'listening':
      case 'failed': // The member itself takes care of these.
    }
  }

  onGone(member: Member): number {
    this.rules.line.forfeit(member.thread)
    this.accounts.gathering.forget(member)
    this.agreement.left(member)
    this.listener.caps.forfeit(member.thread)
    return this.balancer.forfeit(member.thread)
  }

  onStarted(member: Member): void {
    this.agreement.joined(member)
  }

  onGivenUp(message: string): void {
    this.stdout?.flushNow()
    void this.release().then(() => this.options.giveUp(message))
  }

  say(message: string): void {
    this.options.say(message)
  }

  dataFor(thread: number, places: ListenSettings[]): WorkerData {
    const { buffer, lastReading, settings, startedAt, steeredAt } = this
    const { servers, ...news } = this.briefing.read(this.servers)
    const limits = { ...settings.limits, connections: this.listener.cap }
    const listen = sharedBy(thread, places)
    const own = { ...settings, admin: false as const, limits, listen, servers }
    const office = this.office.current
    const common = { buffer, startedAt, threads: settings.workers + 1, ...this.listener.data }
    return { settings: own, thread, ...common, ...news, office, lastReading, steeredAt }
  }

  private tick(): void {
    this.clock.now = performance.now()
    this.keptChecks.checks?.tick()
    this.balancer.tick()
    this.servers.tick()
    this.series.tick(this.balancer.servers)
    this.stdout?.flush()
  }

  /** The first one's reason is told. */
  private giveWay(turn: number, message: string): void {
    if (!this.office.giveWay(turn)) return
    this.options.say(message)
    this.crew.tell({ type: 'giveWay', turn })
  }

  private follow(settings: Settings): void {
    this.clock.now = performance.now()
    this.settings = { ...settings, seed: this.settings.seed! }
    this.rules = adjusted(this.rules, settings, true)
    this.keptChecks.follow(settings.health, this.servers)
    this.overview.follow(settings)
  }

  private suspect(id: string): void {
    const server = this.servers.find(id)
    if (server === undefined) return
    this.clock.now = performance.now()
    this.keptChecks.checks?.suspect(server)
  }

  workAt(server: Endpoint): Promise<Work> {
    return this.accounts.workAt(server, this.settings.timeouts)
  }

  private async release(): Promise<void> {
    clearInterval(this.timer)
    this.accounts.close()
    await this.keptChecks.checks?.stop()
    await this.stdout?.close(LOG_GRACE)
  }
}
