import type { Clock } from './clock.ts'
import { DueShare } from './due-share.ts'
import { type AdminState, checkMax, checkWeight, type Endpoint } from './endpoint.ts'
import { Memory } from './memory.ts'
import type { Outcome } from './recorder.ts'
import type { Report } from './report.ts'
import { GRAIN, type Rng } from './rng.ts'
import type { SharePromise, Strategy, StrategyFactory } from './strategy.ts'

export interface BalancerOptions {
  clock: Clock
  rng: Rng
  strategy: StrategyFactory
  memory?: Memory
  /** See `StrategyContext.ask`; without it nobody is asked. */
  ask?: (server: Endpoint) => void
  /** See `StrategyContext.remainingWork`. */
  remainingWork?: (server: Endpoint) => number
}

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
  readonly strategy: Strategy
  readonly promise: SharePromise
  /** Every server, in the order they were added. */
  readonly servers: Endpoint[] = []
  private readonly rng: Rng
  private readonly memory: Memory
  private readonly inflights: Int32Array
  /** Of the requests in flight those that each thread has to give back, a row of slots a thread. */
  private readonly held: Int32Array
  private readonly row: number
  /** Counts how often a server became full or had room again, for all threads to see; `seen` is what this one has seen. */
  private readonly crowd: Int32Array
  private seen = 0
  private readonly picks: Float64Array
  private readonly due: DueShare
  private readonly freeSlots: number[] = []
  private nextSlot = 0
  private eligible: Endpoint[] = []
  private stale = false

  constructor(options: BalancerOptions) {
    const { clock, rng, strategy } = options
    this.rng = rng.fork('retry')
    this.memory = options.memory ?? new Memory()
    const { slots, thread, threads } = this.memory
    this.inflights = this.memory.intPerSlot()
    this.held = this.memory.ints(slots * threads)
    this.row = slots * thread
    this.crowd = this.memory.ints(1)
    this.picks = this.memory.ownFloatPerSlot()
    this.due = new DueShare(this.memory, strategy.promise)
    this.promise = strategy.promise
    this.strategy = strategy.create({
      clock,
      rng: rng.fork(thread === 0 ? 'strategy' : `strategy of thread ${thread}`),
      memory: this.memory,
      inflights: this.inflights,
      ask: options.ask ?? (() => {}),
      remainingWork: options.remainingWork,
    })
  }

  /** Takes a server into the pool. Throws a `RangeError` for an id that is taken, or when every slot is in use. */
  add(server: Endpoint): void {
    if (this.servers.some((other) => other.id === server.id)) {
      throw new RangeError(`there is already a server "${server.id}"`)
    }
    if (server.slot >= 0) throw new RangeError(`server "${server.id}" is in a balancer already`)
    const slot = this.freeSlots.pop() ?? this.nextSlot++
    if (slot >= this.memory.slots) {
      throw new RangeError(`no room for server "${server.id}": ${this.memory.slots} slots`)
    }
    this.memory.claim(slot)
    server.attach(slot, this.inflights)
    this.servers.push(server)
    this.stale = true
  }

  /** Takes a server out. What it has in flight is still released as usual; then its slot is free for another. */
  remove(server: Endpoint): void {
    const index = this.servers.indexOf(server)
    if (index < 0) return
    this.servers.splice(index, 1)
    server.removed = true
    this.stale = true
    if (server.inflight === 0) this.free(server)
  }

  setHealthy(server: Endpoint, healthy: boolean, reason = ''): void {
    server.reason = reason
    server.unproven = false
    if (server.healthy === healthy) return
    server.healthy = healthy
    this.stale = true
  }

  /** Throws a `RangeError` unless the weight is a finite number of at least 0. */
  setWeight(server: Endpoint, weight: number): void {
    this.due.settle()
    server.weight = checkWeight(server.id, weight)
    this.stale = true
  }

  /** Throws a `RangeError` unless it is a whole number of at least 1, or `Infinity`. */
  setMax(server: Endpoint, max: number): void {
    server.max = checkMax(server.id, max)
    this.stale = true
  }

  setAdmin(server: Endpoint, admin: AdminState): void {
    server.admin = admin
    this.stale = true
  }

  /**
   * A server with room, counted as in flight; undefined if there is none. On a second attempt `avoid` lists the servers
   * tried before: they are chosen again only if there is no other.
   */
  acquire(key: number, attempt: number, avoid?: readonly Endpoint[]): Endpoint | undefined {
    if (this.stale || this.seen !== this.crowd[0]) this.rebuild()
    const { eligible, memory } = this
    if (eligible.length === 0) return undefined
    let server = avoid === undefined || avoid.length === 0 ? undefined : this.other(avoid)
    server ??= eligible.length === 1 ? eligible[0] : this.strategy.pick(key, attempt)
    const inflight = memory.add(this.inflights, server.slot, 1)
    if (inflight >= server.max) {
      memory.add(this.crowd, 0, 1)
      if (inflight > server.max) return this.acquireElsewhere(server, key, attempt, avoid)
    }
    this.held[this.row + server.slot]++
    if (attempt === 0) {
      this.picks[server.slot]++
      this.due.count()
    }
    return server
  }

  /** Exactly once per acquire. `latency` is in milliseconds. */
  release(server: Endpoint, latency: number, outcome: Outcome): void {
    const { memory } = this
    const inflight = memory.add(this.inflights, server.slot, -1)
    this.held[this.row + server.slot]--
    if (inflight + 1 >= server.max) memory.add(this.crowd, 0, 1)
    this.strategy.settled(server, latency, outcome)
    if (inflight === 0 && server.removed) this.free(server)
  }

  /** A server said how it is. `report` is only lent. */
  heard(server: Endpoint, report: Report): void {
    if (server.slot >= 0) this.strategy.heard?.(server, report)
  }

  /** Somebody wants to know what servers say. */
  get listens(): boolean {
    return this.strategy.heard !== undefined
  }

  /** A thread has died: what it had in flight is given back, in the name of all. */
  forfeit(thread: number): void {
    const { held, inflights, memory } = this
    memory.lock.free(thread)
    for (let slot = 0; slot < memory.slots; slot++) {
      const count = held[thread * memory.slots + slot]
      held[thread * memory.slots + slot] = 0
      if (count !== 0) memory.add(inflights, slot, -count)
    }
    memory.add(this.crowd, 0, 1)
  }

  /** Pure code never sets timers: both worlds call this every 100 ms of their own time. */
  tick(): void {
    this.due.settle()
    if (this.stale || this.seen !== this.crowd[0]) this.rebuild()
  }

  /** How many servers may get a request now. */
  get eligibleCount(): number {
    return this.choose().length
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
    this.seen = this.crowd[0]
    const eligible = this.choose()
    this.eligible = eligible
    this.due.begin(eligible)
    if (eligible.length > 1) this.strategy.update(eligible)
  }

  /**
   * A second try takes the least busy of the servers not tried yet, ties drawn by weight, and leaves the strategy alone: it
   * promises shares of requests, and a retry that took a turn would shift them. (Two servers in turn, one of them dead: each
   * retry would use up the living one's turn, and every request would begin at the dead one.)
   */
  private other(avoid: readonly Endpoint[]): Endpoint | undefined {
    let best: Endpoint | undefined
    let tied = 0
    const { eligible } = this
    for (let i = 0; i < eligible.length; i++) {
      const server = eligible[i]
      if (avoid.includes(server)) continue
      const difference =
        best === undefined ? -1 : server.inflight * best.weight - best.inflight * server.weight
      if (difference > 0) continue
      tied = difference < 0 ? server.weight : tied + server.weight
      if (difference < 0 || this.rng.int(GRAIN) * tied < server.weight * GRAIN) best = server
    }
    return best
  }

  /** Another thread took the last place of that server in the meantime. */
  private acquireElsewhere(
    full: Endpoint,
    key: number,
    attempt: number,
    avoid: readonly Endpoint[] | undefined,
  ): Endpoint | undefined {
    this.memory.add(this.inflights, full.slot, -1)
    return this.acquire(key, attempt, avoid)
  }

  private free(server: Endpoint): void {
    this.due.settle()
    this.freeSlots.push(server.slot)
    this.memory.release(server.slot)
    server.detach()
  }
}
