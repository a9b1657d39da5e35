import { Vitals } from '../admin/vitals.ts'
import type { Balancer } from '../core/balancer.ts'
import { Clock } from '../core/clock.ts'
import { CRASH_WINDOW, Crashes, MOST_CRASHES } from '../core/crashes.ts'
import type { Endpoint } from '../core/endpoint.ts'
import { gaveWay, giveWay } from '../core/guarded.ts'
import { Memory } from '../core/memory.ts'
import { Rng } from '../core/rng.ts'
import { rulesOf } from '../core/rules.ts'
import { Series } from '../core/series.ts'
import type { Snapshot, StateEvent } from '../core/snapshot.ts'
import type { StrategyFactory } from '../core/strategy.ts'
import type { Tally } from '../core/tally.ts'
import type { WaitingLine } from '../core/waiting-line.ts'
import { ActiveChecks } from '../health/active-checks.ts'
import { FileSink } from '../http/log-sink.ts'
import type { ListenSettings } from '../listen-settings.ts'
import { Servers } from '../servers.ts'
import type { Settings } from '../settings.ts'
import { strategyOf } from '../strategy-choice.ts'
import { Briefing } from './briefing.ts'
import { accountOf, Gathering, tallyOf } from './gathering.ts'
import { bookOfAll } from './book-of-all.ts'
import { Doors } from './doors.ts'
import { allGone, Member, type MemberOwner } from './member.ts'
import type { Account, FromWorker, ToWorker } from './messages.ts'
import { probe, sharedBy } from './probe.ts'
import { toldOnce } from './told-once.ts'
import { bytesFor, SLOTS } from './shared-memory.ts'

/** As often as a proxy of one thread, in milliseconds. */
const TICK = 100
/** How much longer than the grace stopping may take, and how long a thread may take to end at once, in milliseconds. */
const STOP_SLACK = 3000
const KILL_GRACE = 500
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
 * The coordinator takes no request. It starts the threads, replaces those that crash, makes the active checks, adds up what
 * the threads have counted, and writes to standard output for them.
 */
export class Coordinator implements MemberOwner {
  readonly balancer: Balancer
  readonly servers: Servers
  /** The workers, by their thread. */
  readonly members = new Map<number, Member>()
  private readonly settings: Settings
  private readonly options: CoordinatorOptions
  private readonly clock = new Clock(performance.now())
  private readonly startedAt = new Date().toISOString()
  private readonly buffer: SharedArrayBuffer
  private readonly line: WaitingLine
  readonly listener: Doors
  private readonly series: Series
  private readonly checks: ActiveChecks | undefined
  private readonly stdout: FileSink | undefined
  private readonly gathering = new Gathering()
  private readonly vitals = new Vitals()
  private readonly sayOnce: (message: string) => void
  private readonly briefing: Briefing
  private places: ListenSettings[]
  private timer: NodeJS.Timeout | undefined
  /** All threads have begun to listen, so that one that ends now has crashed. */
  private running = false
  private stopping = false
  private readonly crashes = new Crashes()

  constructor(settings: Settings, options: CoordinatorOptions) {
    const seed = settings.seed ?? (Math.random() * 2 ** 32) >>> 0
    this.settings = { ...settings, seed }
    this.options = options
    this.sayOnce = toldOnce((message) => options.say(message))
    this.places = settings.listen
    const { clock } = this
    const rng = new Rng(seed)
    const strategy = options.strategy ?? strategyOf(settings.strategy)
    const thread = settings.workers
    this.buffer = new SharedArrayBuffer(bytesFor(settings, strategy, thread + 1))
    const memory = new Memory(SLOTS, { buffer: this.buffer, thread, threads: thread + 1 })
    this.listener = new Doors(settings, memory, (news) => this.tell(news))
    const rules = rulesOf(settings, {
      // A strategy may wait for the lock. If a dead thread holds it, it is we who have to find that out.
      watches: true,
      clock,
      rng: rng.fork('balancer'),
      strategy,
      memory,
    })
    this.balancer = rules.balancer
    this.line = rules.line
    const tell = (news: ToWorker): void => this.tell(news)
    const book = bookOfAll(this.balancer, tell)
    this.checks =
      settings.health === false
        ? undefined
        : new ActiveChecks(settings.health, book, clock, rng.fork('health'))
    this.servers = new Servers(this.balancer, { checks: this.checks, tell, tls: settings.tls })
    this.briefing = new Briefing(this.balancer.servers)
    for (const server of settings.servers) this.servers.begin(server)
    this.series = new Series(clock, this.balancer, undefined, this.line)
    this.series.listen({
      onSnapshot: (snapshot) => void this.tellSecond(snapshot),
      onEvent: (event) => this.tellEvent(event),
    })
    this.stdout = settings.accessLog === 'stdout' ? new FileSink('stdout') : undefined
  }

  /** Rejects with the operating system's error, for example EADDRINUSE. */
  async listen(): Promise<ListenSettings[]> {
    const { listen, workers } = this.settings
    await probe(listen)
    this.timer = setInterval(() => this.tick(), TICK)
    try {
      this.places = await this.startAll()
    } catch (error) {
      if (this.stopping) await new Promise(() => {}) // Threads ended because they were told to; so will the process.
      throw error
    }
    this.running = true
    for (let i = 0; i < workers; i++) if (!this.members.has(i) && !this.stopping) this.start(i)
    return this.places
  }

  /** Lets every thread finish what it has. Resolves when all are gone. */
  async stop(): Promise<void> {
    this.stopping = true
    this.tell({ type: 'stop' })
    await allGone(this.present, this.settings.timeouts.stop + STOP_SLACK)
    await this.release()
  }

  /** Ends everything at once; threads have a moment to say so to their clients. */
  async kill(): Promise<void> {
    this.stopping = true
    this.tell({ type: 'kill' })
    await allGone(this.present, KILL_GRACE)
    this.stdout?.flushNow()
    await this.release()
  }

  /** The memory has room for the parts that the threads began with. */
  useStrategy(): void {
    throw new RangeError('several threads keep their strategy: start the proxy anew')
  }

  onMessage(member: Member, message: FromWorker): void {
    switch (message.type) {
      case 'suspect':
        this.suspect(message.id)
        break
      case 'account':
        this.gathering.receive(member, message)
        break
      case 'ask':
        void this.answer(member)
        break
      case 'warn':
        this.sayOnce(`warning: ${message.message}`)
        break
      case 'gaveWay':
        this.giveWay(message.message)
        break
      case 'lines':
        this.stdout?.add(message.lines)
        break
      case 'listening':
      case 'failed': // The member itself takes care of these.
    }
  }

  onGone(member: Member, reason: string): void {
    const given = this.balancer.forfeit(member.thread)
    this.line.forfeit(member.thread)
    this.listener.caps.forfeit(member.thread)
    this.gathering.forget(member)
    if (this.members.get(member.thread) === member) this.members.delete(member.thread)
    if (!this.running || this.stopping) return
    const what = `thread ${member.thread + 1} of ${this.settings.workers} crashed (${reason})`
    if (this.crashes.record(performance.now())) {
      const often = `${MOST_CRASHES} crashes in ${CRASH_WINDOW / 1000} s`
      void this.kill().then(() => this.options.giveUp(`${what}: giving up after ${often}`))
      return
    }
    const lost = given === 1 ? '1 request' : `${given} requests`
    this.options.say(`${what} with ${lost} in flight: another takes its place`)
    this.start(member.thread)
  }

  private async startAll(): Promise<ListenSettings[]> {
    const { listen, workers } = this.settings
    if (this.stopping) return this.places
    const first = this.start(0).listening
    // Where any port will do the first one finds it, and the others join it.
    if (listen.some((place) => 'port' in place && place.port === 0)) this.places = await first
    if (this.stopping) return this.places
    const others = Array.from({ length: workers - 1 }, (_, i) => this.start(i + 1).listening)
    return (await Promise.all([first, ...others]))[0]
  }

  private start(thread: number): Member {
    const { balancer, buffer, options, places, settings, startedAt } = this
    const { servers, ...news } = this.briefing.read(this.servers)
    const own = { ...settings, admin: false as const, listen: sharedBy(thread, places), servers }
    const strategy = { print: options.print, gaveWay: gaveWay(balancer.strategy) }
    const common = { buffer, startedAt, threads: settings.workers + 1, ...this.listener.data }
    const member = new Member({ settings: own, thread, ...common, ...news, ...strategy }, this)
    this.members.set(thread, member)
    return member
  }

  private tick(): void {
    this.clock.now = performance.now()
    this.checks?.tick()
    this.balancer.tick()
    this.servers.tick()
    this.series.tick(this.balancer.servers)
    this.stdout?.flush()
  }

  /** All threads choose alike: what one has given up nobody goes on with. The first one's reason is told. */
  private giveWay(message: string): void {
    if (gaveWay(this.balancer.strategy)) return
    giveWay(this.balancer.strategy)
    this.options.say(message)
    this.tell({ type: 'giveWay' })
  }

  private suspect(id: string): void {
    const server = this.servers.find(id)
    if (server === undefined) return
    this.clock.now = performance.now()
    this.checks?.suspect(server)
  }

  private tell(message: ToWorker): void {
    for (const member of this.present) member.post(message)
  }

  private get present(): Member[] {
    return [...this.members.values()]
  }

  /** Those who can answer. */
  private get ready(): Member[] {
    return this.present.filter((member) => member.ready)
  }

  /** What the attempts at this server came to since the beginning. */
  async attemptsAt({ id }: Endpoint): Promise<Tally> {
    return tallyOf((await this.gather()).total, id)
  }

  private async answer(member: Member): Promise<void> {
    member.post({ type: 'whole', whole: await this.gather() })
  }

  /** What all threads have counted. */
  private async gather(): Promise<Account> {
    await this.gathering.ask(this.ready, false)
    this.clock.now = performance.now()
    const lost = this.stdout?.dropped ?? 0
    const own = accountOf(this.series.total(), this.vitals.read(), lost)
    return this.gathering.whole(own, this.present)
  }

  private async tellSecond(base: Snapshot): Promise<void> {
    await this.gathering.ask(this.ready, true)
    this.tell({ type: 'second', snapshot: this.gathering.second(base) })
  }

  private tellEvent(event: StateEvent): void {
    this.briefing.remember(event)
    this.tell({ type: 'event', event })
  }

  private async release(): Promise<void> {
    clearInterval(this.timer)
    this.vitals.close()
    await this.checks?.stop()
    await this.stdout?.close(LOG_GRACE)
  }
}
