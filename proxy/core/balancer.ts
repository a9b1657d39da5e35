import type { BalancerOptions } from './balancer-options.ts'
import { DueShare } from './due-share.ts'
import { type AdminState, checkMax, checkWeight, type Endpoint } from './endpoint.ts'
import { Guarded } from './guarded.ts'
import { InFlight } from './in-flight.ts'
import { leastBusy } from './least-busy.ts'
import { Memory, type PerSlot } from './memory.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import type { Rng } from './rng.ts'
import { SlowStart } from './slow-start.ts'
import type { SharePromise, Strategy, StrategyContext, StrategyFactory } from './strategy.ts'

const NOBODY: readonly Endpoint[] = []

/**
 * Gives requests to servers and takes them back: accounting, eligibility and limits around a strategy's bare pick.
 *
 * Which servers are eligible is decided here, once, so that no strategy has to ask. A change of health, weight or membership
 * only marks the set; it is made anew at the next request, so ten changes in a row cost one rebuild.
 *
 * Where several threads balance together each has a balancer, and `Memory` makes their counts one: requests in flight and
 * limits are everybody's. Changes of health, weight and membership have to be told to each of them.
 */
export class Balancer {
  /** Change it with `useStrategy`. */
  strategy: Strategy
  promise: SharePromise
  /** Its strategy follows the key of a request: somebody has to work it out. */
  keyed: boolean
  /** Every server, in the order they were added. */
  readonly servers: Endpoint[] = []
  private readonly rng: Rng
  private readonly watches: boolean
  private readonly memory: Memory
  private readonly inflight: InFlight
  /** `crowding` when the eligible set was made. */
  private crowding = 0
  /** What a strategy is made from, anew for each. */
  private readonly context: () => StrategyContext
  /** What the strategy has asked for per slot. */
  private remembered: readonly PerSlot[]
  private readonly picks: Float64Array
  private readonly due: DueShare
  private readonly slowStart: SlowStart | undefined
  private eligible: Endpoint[] = []
  private stale = false
  /** The pool is at work: whoever comes now comes later than the others. */
  private begun = false

  constructor(options: BalancerOptions) {
    const { clock, rng, strategy } = options
    this.rng = rng.fork('retry')
    this.watches = options.watches === true
    this.memory = options.memory ?? new Memory()
    const { thread } = this.memory
    this.inflight = new InFlight(this.memory, options.seen)
    this.picks = this.memory.ownFloatPerSlot()
    this.due = new DueShare(this.memory, strategy.promise)
    const { slowStart } = options
    this.slowStart = slowStart && new SlowStart(slowStart, clock, this.memory)
    this.promise = strategy.promise
    this.keyed = strategy.keyed === true
    this.context = (): StrategyContext => ({
      clock,
      rng: rng.fork(thread === 0 ? 'strategy' : `strategy of thread ${thread}`),
      memory: this.memory,
      inflights: this.inflight.seen,
      ask: options.ask ?? (() => {}),
      remainingWork: options.remainingWork,
    })
    const { made, arrays } = this.memory.collect(() => strategy.create(this.context()))
    this.strategy = made
    this.remembered = arrays
    this.heed(made)
  }

  /**
   * Chooses by another strategy from the next request on. What is in flight stays counted, and is told to the new one when it ends;
   * what the old one remembered is let go. If the new one cannot be made nothing has changed.
   */
  useStrategy(strategy: StrategyFactory): void {
    const { made, arrays } = this.memory.collect(() => strategy.create(this.context()))
    this.memory.forget(this.remembered)
    this.remembered = arrays
    this.strategy = made
    this.keyed = strategy.keyed === true
    this.follow(strategy.promise)
    this.heed(made)
    this.stale = true
  }

  /**
   * Takes a server into the pool. Throws a `RangeError` for an id that is taken, or when every slot is in use.
   *
   * Threads have to give a server the same slot. They do while all add the same servers in the same order; afterwards one of
   * them has to choose a slot that is vacant everywhere (`vacantSlot`), and tell it to the others.
   */
  add(server: Endpoint, slot = this.memory.nextSlot): void {
    if (this.servers.some((other) => other.id === server.id)) {
      throw new RangeError(`there is already a server "${server.id}"`)
    }
    if (server.slot >= 0) throw new RangeError(`server "${server.id}" is in a balancer already`)
    if (slot >= this.memory.slots) {
      throw new RangeError(`no room for server "${server.id}": ${this.memory.slots} slots`)
    }
    this.memory.claim(slot)
    server.attach(slot, this.inflight.seen)
    this.servers.push(server)
    if (this.begun) this.startSlowly(server)
    this.stale = true
  }

  /** Takes a server out. What it has in flight here is still released as usual; then this thread has done with its slot. */
  remove(server: Endpoint): void {
    const index = this.servers.indexOf(server)
    if (index < 0) return
    this.servers.splice(index, 1)
    server.removed = true
    this.stale = true
    if (this.inflight.ownAt(server.slot) === 0) this.free(server)
  }

  /** The first slot that no thread uses; `memory.slots` if there is none. */
  get vacantSlot(): number {
    return this.memory.vacantSlot
  }

  setHealthy(server: Endpoint, healthy: boolean, reason = ''): void {
    server.reason = reason
    server.unproven = false
    if (server.healthy === healthy) return
    server.healthy = healthy
    if (healthy) this.startSlowly(server)
    this.stale = true
  }

  /** The latest word on why a server is as it is. */
  setReason(server: Endpoint, reason: string): void {
    server.reason = reason
  }

  /** Throws a `RangeError` unless the weight is a finite number of at least 0. */
  setWeight(server: Endpoint, weight: number): void {
    this.due.settle()
    server.configuredWeight = checkWeight(server.id, weight)
    this.weigh(server)
    this.stale = true
  }

  /** Throws a `RangeError` unless it is a whole number of at least 1, or `Infinity`. */
  setMax(server: Endpoint, max: number): void {
    server.max = checkMax(server.id, max)
    this.stale = true
  }

  setAdmin(server: Endpoint, admin: AdminState): void {
    if (server.admin === 'maint' && admin === 'ready') this.startSlowly(server)
    server.admin = admin
    this.stale = true
  }

  /**
   * A server with room, counted as in flight; undefined if there is none. On a second attempt `avoid` lists the servers
   * tried before: they are chosen again only if there is no other.
   */
  acquire(key: number, attempt: number, avoid?: readonly Endpoint[]): Endpoint | undefined {
    if (this.stale || this.crowding !== this.inflight.crowding) this.rebuild()
    const { eligible } = this
    if (eligible.length === 0) return undefined
    let server = avoid === undefined || avoid.length === 0 ? undefined : this.other(avoid)
    server ??= eligible.length === 1 ? eligible[0] : this.strategy.pick(key, attempt)
    if (!this.inflight.take(server)) {
      server = this.elsewhere(avoid ?? NOBODY)
      if (server === undefined) return undefined
    }
    if (attempt === 0) {
      this.picks[server.slot]++
      this.due.count()
    }
    return server
  }

  /** Exactly once per acquire. `latency` is in milliseconds. */
  release(server: Endpoint, latency: number, outcome: Outcome): void {
    const own = this.inflight.giveBack(server)
    this.strategy.settled(server, latency, outcome)
    if (own === 0 && server.removed) this.free(server)
  }

  /** A server said how it is. `report` is only lent. */
  heard(server: Endpoint, report: Report): void {
    if (server.slot >= 0) this.strategy.heard?.(server, report)
  }

  /** Somebody wants to know what servers say. */
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
    this.due.settle()
    if (this.slowStart?.due === true) this.weighAll(this.slowStart)
    if (this.stale || this.crowding !== this.inflight.crowding) this.rebuild()
  }

  /** How many servers may get a request now. */
  get eligibleCount(): number {
    return this.choose().length
  }

  /** Shows strategies that see old news what is now. */
  look(): void {
    this.inflight.seen.set(this.inflight.counts)
  }

  /** How many requests' first attempts went to this server. */
  picksOf(server: Endpoint): number {
    return this.picks[server.slot]
  }

  /** How many it should have got by its strategy's promise; up to date after `tick`. */
  dueOf(server: Endpoint): number {
    return this.due.of(server.slot)
  }

  /** The usable servers; the backups among them only where there is no other. */
  private choose(): Endpoint[] {
    const usable = this.servers.filter((server) => server.usable)
    const first = usable.filter((server) => !server.backup)
    return first.length > 0 ? first : usable
  }

  private rebuild(): void {
    this.stale = false
    let eligible: Endpoint[]
    do {
      this.crowding = this.inflight.crowdingNow
      eligible = this.choose()
      // None, maybe because a place moved from a server not yet looked at to one that was: look again.
    } while (eligible.length === 0 && this.crowding !== this.inflight.crowdingNow)
    this.eligible = eligible
    this.due.begin(eligible)
    if (eligible.length > 1 && !this.watches) this.strategy.update(eligible)
  }

  /** Who takes over from a guarded strategy has a promise of his own. */
  private heed(strategy: Strategy): void {
    if (strategy instanceof Guarded) strategy.onGiveWay = (promise) => this.follow(promise)
  }

  private follow(promise: SharePromise): void {
    this.promise = promise
    this.due.follow(promise)
  }

  private other(avoid: readonly Endpoint[]): Endpoint | undefined {
    return leastBusy(this.eligible, avoid, this.rng)
  }

  /** Another thread took the last place of the server that was picked: the least busy that has one left. */
  private elsewhere(avoid: readonly Endpoint[]): Endpoint | undefined {
    for (;;) {
      this.rebuild()
      const server = this.other(avoid) ?? this.other(NOBODY)
      if (server === undefined || this.inflight.take(server)) return server
    }
  }

  private startSlowly(server: Endpoint): void {
    if (this.slowStart === undefined) return
    this.due.settle()
    this.slowStart.begin(server)
    this.weigh(server)
  }

  private weigh(server: Endpoint): void {
    const factor = this.slowStart === undefined ? 1 : this.slowStart.factorOf(server)
    server.weight = server.configuredWeight * factor
  }

  private weighAll(slowStart: SlowStart): void {
    for (const server of this.servers) this.weigh(server)
    slowStart.made(this.servers.some((server) => server.weight < server.configuredWeight))
    this.stale = true
  }

  private free(server: Endpoint): void {
    this.due.settle()
    this.memory.release(server.slot)
    server.detach()
  }
}
