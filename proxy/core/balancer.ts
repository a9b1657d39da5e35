import type { Clock } from './clock.ts'
import { DueShare } from './due-share.ts'
import { type AdminState, checkMax, checkWeight, type Endpoint } from './endpoint.ts'
import { Memory } from './memory.ts'
import type { Outcome } from './recorder.ts'
import type { Rng } from './rng.ts'
import type { SharePromise, Strategy, StrategyContext } from './strategy.ts'

/** How to make a strategy, and what it promises: what the registry in ../strategies/index.ts lists. */
export interface StrategyFactory {
  readonly promise: SharePromise
  create(context: StrategyContext): Strategy
}

export interface BalancerOptions {
  clock: Clock
  rng: Rng
  strategy: StrategyFactory
  memory?: Memory
}

/**
 * Gives requests to servers and takes them back: accounting, eligibility and limits around a strategy's bare pick.
 *
 * Which servers are eligible is decided here, once, so that no strategy has to ask. A change of health, weight or membership
 * only marks the set; it is made anew at the next request, so ten changes in a row cost one rebuild.
 */
export class Balancer {
  readonly strategy: Strategy
  readonly promise: SharePromise
  /** Every server, in the order they were added. */
  readonly servers: Endpoint[] = []
  private readonly rng: Rng
  private readonly memory: Memory
  private readonly inflights: Int32Array
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
    this.inflights = this.memory.intPerSlot()
    this.picks = this.memory.floatPerSlot()
    this.due = new DueShare(this.memory, strategy.promise)
    this.promise = strategy.promise
    this.strategy = strategy.create({ clock, rng: rng.fork('strategy'), memory: this.memory })
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
    this.memory.reset(slot)
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
    if (this.stale) this.rebuild()
    const { eligible } = this
    if (eligible.length === 0) return undefined
    let server = avoid === undefined || avoid.length === 0 ? undefined : this.other(avoid)
    server ??= eligible.length === 1 ? eligible[0] : this.strategy.pick(key, attempt)
    const inflight = ++this.inflights[server.slot]
    if (inflight >= server.max) this.stale = true
    if (attempt === 0) {
      this.picks[server.slot]++
      this.due.count()
    }
    return server
  }

  /** Exactly once per acquire. `latency` is in milliseconds. */
  release(server: Endpoint, latency: number, outcome: Outcome): void {
    const inflight = --this.inflights[server.slot]
    if (inflight + 1 >= server.max) this.stale = true
    this.strategy.settled(server, latency, outcome)
    if (inflight === 0 && server.removed) this.free(server)
  }

  /** Pure code never sets timers: both worlds call this every 100 ms of their own time. */
  tick(): void {
    this.due.settle()
    if (this.stale) this.rebuild()
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
      if (difference < 0 || this.rng.float() * tied < server.weight) best = server
    }
    return best
  }

  private free(server: Endpoint): void {
    this.due.settle()
    this.freeSlots.push(server.slot)
    server.detach()
  }
}
