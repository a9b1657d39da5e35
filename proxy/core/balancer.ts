import type { AdjustableRules, BalancerOptions } from './balancer-options.ts'
import { Choices } from './choices.ts'
import { DueShare } from './due-share.ts'
import { Ejection, NO_EJECTION } from './ejection.ts'
import { Eligibility } from './eligibility.ts'
import { type AdminState, checkMax, type Endpoint } from './endpoint.ts'
import { InFlight } from './in-flight.ts'
import { leastBusy } from './least-busy.ts'
import { Memory } from './memory.ts'
import { Places } from './places.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import type { Rng } from './rng.ts'
import { Roster } from './roster.ts'
import type { Sight } from './sight.ts'
import type { SharePromise, Strategy, StrategyFactory } from './strategy.ts'
import { Sessions } from './stickiness.ts'
import { type Candidate, StrategyMaker } from './strategy-maker.ts'
import { Weights } from './weights.ts'

/**
 * Gives requests to servers and takes them back: accounting, eligibility and limits around a strategy's bare pick.
 * Which servers are eligible is decided here, once, so that no strategy has to ask. A change of health, weight or membership
 * only marks the set; it is made anew at the next request, so ten changes in a row cost one rebuild.
 * Where several threads balance together each has a balancer, and `Memory` makes their counts one: requests in flight and
 * limits are everybody's. Changes of health, weight and membership have to be told to each of them.
 */
export class Balancer {
  /** Change it with `useStrategy`. */
  strategy: Strategy
  /** Its strategy follows the key of a request: somebody has to work it out. */
  keyed: boolean
  readonly servers: readonly Endpoint[]
  readonly sessions: Sessions
  private readonly rng: Rng
  private readonly watches: boolean
  readonly memory: Memory
  private readonly inflight: InFlight
  private readonly roster: Roster
  private crowding = 0
  /** Makes those who may take office with `useStrategy`. */
  readonly strategies: StrategyMaker
  readonly choices: Choices
  private readonly due: DueShare
  private readonly weights: Weights
  private ejection: Ejection | undefined
  private readonly eligibility: Eligibility
  private readonly places: Places
  /** Who may get a request, as of the latest one or `tick`; not to be changed. */
  eligible: readonly Endpoint[] = []
  private stale = false
  private begun = false

  constructor(options: BalancerOptions) {
    const { clock, ejection = NO_EJECTION, rng, strategy } = options
    this.rng = rng.fork('retry')
    this.watches = options.watches === true
    const memory = (this.memory = options.memory ?? new Memory())
    this.inflight = new InFlight(memory, options.seen)
    this.roster = new Roster(memory, this.inflight)
    const servers = (this.servers = this.roster.servers)
    this.due = new DueShare(memory, strategy.promise)
    this.weights = new Weights(options, memory, this.due)
    const dice = rng.fork(`ejection of thread ${memory.thread}`)
    const passive = new Ejection(ejection, clock, dice, memory, servers)
    this.choices = new Choices(memory, this.due)
    this.eligibility = new Eligibility(servers, passive, this.choices.exclusions)
    this.ejection = this.eligibility.follow(options, this.back)
    this.places = new Places(this.inflight, passive, this.eligibility)
    this.sessions = new Sessions(() => this.refresh(), this.places, this.eligibility, this.choices)
    this.keyed = strategy.keyed === true
    const follow = (promise: SharePromise): void => this.choices.follow(this.strategy.name, promise)
    this.strategies = new StrategyMaker(options, memory, this.inflight.seen, follow)
    this.strategy = this.strategies.adopt(this.strategies.prepare(strategy, options.room))
    this.choices.follow(this.strategy.name, strategy.promise)
  }

  /** From the next request on. What is in flight stays counted; the new one is told when it ends. If it cannot be made nothing changes. */
  useStrategy(given: StrategyFactory | Candidate): void {
    const candidate = 'factory' in given ? given : this.strategies.prepare(given)
    const { factory } = candidate
    this.strategy = this.strategies.adopt(candidate)
    this.keyed = factory.keyed === true
    this.choices.follow(this.strategy.name, factory.promise)
    this.stale = true
  }

  /** Other rules from here on, for who is already out or starting slowly as well. What is left out is switched off. */
  adjust(rules: AdjustableRules): void {
    this.ejection = this.eligibility.follow(rules, this.back)
    this.weights.follow(rules.slowStart, this.servers)
    this.stale = true
  }

  /** Takes a server into the pool. Throws a `RangeError` for an id that is taken, or when every slot is in use; see `Roster`. */
  add(server: Endpoint, slot = this.memory.nextSlot): void {
    this.roster.add(server, slot)
    if (this.begun) this.weights.startSlowly(server)
    this.stale = true
  }

  /** Takes a server out. What it has in flight here is still released as usual; then this thread has done with its slot. */
  remove(server: Endpoint): void {
    if (!this.roster.remove(server)) return
    this.stale = true
    if (this.inflight.ownAt(server.slot) === 0) this.free(server)
  }

  /** The first slot that no thread uses; `memory.slots` if there is none. */
  get vacantSlot(): number {
    return this.memory.vacantSlot
  }

  setHealthy(server: Endpoint, healthy: boolean, reason = ''): void {
    server.healthReason = reason
    server.unproven = false
    if (server.healthy === healthy) return
    server.healthy = healthy
    if (healthy) this.weights.startSlowly(server)
    if (healthy) this.ejection?.recovered(server)
    this.stale = true
  }

  setReason(server: Endpoint, reason: string): void {
    server.healthReason = reason
  }

  /** Throws a `RangeError` unless the weight is a finite number of at least 0. */
  setWeight(server: Endpoint, weight: number): void {
    this.weights.set(server, weight)
    this.stale = true
  }

  setMax(server: Endpoint, max: number): void {
    server.max = checkMax(server.id, max)
    this.stale = true
  }

  setBackup(server: Endpoint, backup: boolean): void {
    server.backup = backup
    this.stale = true
  }

  setAdmin(server: Endpoint, admin: AdminState): void {
    if (server.admin === 'maint' && admin === 'ready') this.weights.startSlowly(server)
    server.admin = admin
    this.stale = true
  }

  /** A server with room, counted as in flight, if there is any; one of `avoid`, tried before, only if there is no other. */
  acquire(key: number, attempt: number, avoid?: readonly Endpoint[]): Endpoint | undefined {
    this.refresh()
    const { eligible } = this
    if (eligible.length === 0) return undefined
    let server: Endpoint | undefined
    this.choices.sight?.look(eligible, this.strategy, key, attempt, avoid, this.rng)
    if (avoid !== undefined && avoid.length > 0) server = leastBusy(eligible, avoid, this.rng)
    const picked = server === undefined && eligible.length > 1
    server ??= picked ? this.strategy.pick(key, attempt) : eligible[0]
    if (!this.places.take(server)) {
      this.choices.sight?.missed()
      server = this.elsewhere(avoid)
      if (server === undefined) return undefined
    }
    this.choices.count(server, picked, attempt, avoid)
    if (attempt === 0) this.eligibility.picked()
    return server
  }

  /**
   * Exactly once per acquire. `latency` is in milliseconds. `verdict`: what it says of health, where that is something else: `ok`
   * for an answer that is the application's own error, `aborted` for what says nothing.
   */
  release(server: Endpoint, latency: number, outcome: Outcome, verdict = outcome): void {
    const own = this.inflight.giveBack(server)
    if (this.ejection?.ignores(server, verdict) === false) {
      if (this.ejection.settled(server, latency, verdict)) this.inflight.stir()
    }
    this.strategy.settled(server, latency, outcome)
    if (own === 0 && server.removed) this.free(server)
  }

  /** A request that stays in flight has its answer: what that says of health is learned now; `release` is told `aborted`. */
  answered(server: Endpoint, latency: number): void {
    if (this.ejection?.settled(server, latency, 'ok') === true) this.inflight.stir()
  }

  /** See `Strategy.heard`. */
  heard(server: Endpoint, report: Report): void {
    if (server.slot >= 0) this.strategy.heard?.(server, report)
  }

  get listens(): boolean {
    return this.strategy.heard !== undefined
  }

  /** A thread has died: what it had in flight is given back, in the name of all. Says how much that was. */
  forfeit(thread: number): number {
    this.memory.forfeit(thread)
    return this.inflight.forfeit(thread)
  }

  /** Pure code never sets timers: both worlds call this every 100 ms of their own time. */
  tick(): void {
    this.begun = true
    if (this.weights.tick(this.servers)) this.stale = true
    if (this.ejection?.tick() === true) this.inflight.stir()
    this.ejection?.show(this.back)
    this.refresh()
  }

  get promise(): SharePromise {
    return this.due.promise
  }

  get eligibleCount(): number {
    return this.eligibility.count
  }

  /** So few servers are well that health is ignored; as of the latest request or `tick`. */
  get panicking(): boolean {
    return this.eligibility.heed === 'none'
  }

  /** First attempts that were given out while health was ignored. */
  get panicPicks(): number {
    return this.eligibility.panicPicks
  }

  /** Somebody would take a request, if he had room for it: it is worth waiting. */
  get hasTakers(): boolean {
    return this.eligibility.hasTakers
  }

  /** Somebody else than these may get a request now. */
  hasOther(avoid: readonly Endpoint[]): boolean {
    this.refresh()
    return this.eligible.some((server) => !avoid.includes(server))
  }

  /** Shows strategies that see old news what is now. */
  look(): void {
    this.inflight.seen.set(this.inflight.counts)
    this.stale = true // Whoever keeps account of changes has not been told of these.
  }

  picksOf(server: Endpoint): number {
    return this.due.picksOf(server.slot)
  }

  /** How many it should have got by its strategy's promise; up to date after `tick`. */
  dueOf(server: Endpoint): number {
    return this.due.of(server.slot)
  }

  /** From here on decisions are written down before they are made. */
  open(): Sight {
    return this.choices.open(this.inflight.seen, this.roster, this.eligibility)
  }

  private refresh(): void {
    if (this.stale || this.crowding !== this.inflight.crowding) this.rebuild()
  }

  private rebuild(): void {
    this.stale = false
    do {
      this.crowding = this.inflight.crowdingNow
      this.ejection?.show(this.back)
      this.eligible = this.eligibility.look()
      // None, maybe because a place moved from a server not yet looked at to one that was: look again.
    } while (this.eligible.length === 0 && this.crowding !== this.inflight.crowdingNow)
    const { eligible } = this
    this.sessions.update()
    this.due.begin(eligible)
    if (eligible.length < 2 || this.watches) return
    this.strategy.update(eligible)
    this.choices.subset(this.strategy, eligible)
  }

  /** Another thread took the last place of the server that was picked: the least busy that has one left. */
  private elsewhere(avoid?: readonly Endpoint[]): Endpoint | undefined {
    for (;;) {
      this.rebuild()
      const { eligible, rng } = this
      const server = leastBusy(eligible, avoid, rng) ?? leastBusy(eligible, undefined, rng)
      if (server === undefined || this.places.take(server)) return server
    }
  }

  private readonly back = (server: Endpoint): void => {
    server.healthReason = 'a request succeeded'
    this.weights.startSlowly(server)
  }

  private free(server: Endpoint): void {
    this.choices.settle()
    this.roster.free(server)
  }
}
