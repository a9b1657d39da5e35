import type { Balancer } from './balancer.ts'
import type { Clock } from './clock.ts'
import type { Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'
import { turnsOf } from './turns.ts'

export interface QueueOptions {
  /** How many requests may wait at a time, over all threads; 0: none. */
  length: number
  /** How long one may wait, in milliseconds. */
  timeout: number
}

/** A request that may have to wait. It carries its place in the line itself, so that waiting allocates nothing. */
export interface Ticket {
  /** What `Balancer.acquire` is asked with. */
  readonly key: number
  readonly attempt: number
  readonly tried: readonly Endpoint[] | undefined
  /** Where its session is; undefined: anybody will do. Cleared by the line when it has to go elsewhere. */
  wanted: Endpoint | undefined
  /** For the line to write: since when it waits (-1: it does not), and its neighbours. */
  waitingSince: number
  ahead: Ticket | undefined
  behind: Ticket | undefined
  /** It has left the line with a server, which counts it as in flight already. */
  admitted(server: Endpoint): void
  /** It has left the line: it waited too long. */
  waitedInVain(): void
}

type LineBalancer = Pick<Balancer, 'acquire' | 'hasTakers' | 'sessions'>

/** Why a request neither got a server nor waits for one: nobody would take it if he had room, or too many wait already. */
export type Turned = 'no_server' | 'line_full'

/**
 * Where requests wait while all servers are full: one line for all servers, first come, first served, with a bound and a
 * timeout. One line and not one a server, since a request that waits for a certain server waits while others are idle (an M/M/c queue
 * against c times M/M/1). Bounded, since who waits longer than clients do only makes everybody late.
 *
 * Whoever comes while others wait goes to the end, a second attempt too, even if there is room at this moment: the room is the
 * first one's. So owners ask here (`enter`) instead of the balancer, and call `serve` after every release and every tick. The line
 * sets no timers: `expire` is to be called with the ticks, or at `expiresAt`.
 *
 * One whose session is at a server that is full waits for that one, and holds up nobody who does not. It waits no longer than others,
 * then it is turned away like them: its session is worth more than one request. But where too many wait already it goes elsewhere (as with
 * HAProxy's `maxqueue`), and at once if that server keeps its sessions no more.
 *
 * Each thread has a line of its own, because only it can answer its clients. The bound is one for all, and so is the order (see `Turns`), but
 * for those who wait for a certain server: for them room that another thread makes is seen at this one's next request, release or tick.
 */
export class WaitingLine {
  /** Others hold at once, also for those who wait already: there is one line. */
  options: QueueOptions
  private readonly clock: Clock
  private readonly balancer: LineBalancer
  private readonly memory: Memory
  /** How many wait in each thread. */
  private readonly counts: Int32Array
  /** Undefined: there is no other thread. */
  readonly turns: ReturnType<typeof turnsOf>
  private first: Ticket | undefined
  private last: Ticket | undefined
  private serving = false
  /** How many of those here wait for a certain server. */
  private bound = 0

  /** `counts` (of the memory, one a thread) and `turns`: for whoever has to make other parts between them and the line. */
  constructor(
    options: QueueOptions,
    clock: Clock,
    balancer: LineBalancer,
    memory: Memory,
    counts = memory.ints(memory.threads),
    turns = turnsOf(memory, clock),
  ) {
    this.options = options
    this.clock = clock
    this.balancer = balancer
    this.memory = memory
    this.counts = counts
    this.turns = turns
  }

  /** How many wait here. */
  get length(): number {
    return this.counts[this.memory.thread]
  }

  /** How many wait in all threads. */
  get total(): number {
    const { counts } = this
    let total = 0
    for (let thread = 0; thread < counts.length; thread++) total += counts[thread]
    return total
  }

  /** When the first one will have waited too long; Infinity while nobody waits. */
  get expiresAt(): number {
    return this.first === undefined ? Infinity : this.first.waitingSince + this.options.timeout
  }

  /** Hot: a server, counted as in flight; or it waits now; or why it may not. */
  enter(ticket: Ticket): Endpoint | 'waits' | Turned {
    const { balancer } = this
    if (this.first !== undefined) this.serve()
    const { wanted } = ticket
    if (wanted !== undefined) {
      if (balancer.sessions.acquire(wanted, ticket.attempt)) return wanted
      if (balancer.sessions.keeps(wanted) && this.total < this.options.length) {
        this.join(ticket)
        return 'waits'
      }
      ticket.wanted = undefined
    }
    const { turns } = this
    if (this.length === this.bound && (turns === undefined || turns.elder < 0)) {
      const server = balancer.acquire(ticket.key, ticket.attempt, ticket.tried)
      if (server !== undefined) return server
    }
    if (!balancer.hasTakers) return 'no_server'
    if (this.total >= this.options.length) return 'line_full'
    this.join(ticket)
    return (turns !== undefined && this.look(ticket)) || 'waits'
  }

  /** Hot: there may be room. Whoever waited longest gets it. */
  serve(): void {
    if (this.serving) return
    const { turns } = this
    if (turns !== undefined) turns.seen[turns.thread] = this.clock.now
    else if (this.first === undefined) return
    this.serving = true // One who is admitted may fail at once, and make room again: no second loop within this one.
    try {
      while (this.admitOne()); // From the first again each time: whoever is admitted may change the line.
    } finally {
      this.serving = false
    }
    if (turns === undefined) return
    const { elder } = turns
    if (elder >= 0) turns.ring(elder)
  }

  /** It does not want to wait any longer: its client has gone. False: it was not waiting. */
  leave(ticket: Ticket): boolean {
    if (ticket.waitingSince < 0) return false
    const { ahead, behind } = ticket
    if (ahead === undefined) this.first = behind
    else ahead.behind = behind
    if (behind === undefined) this.last = ahead
    else behind.ahead = ahead
    ticket.ahead = undefined
    ticket.behind = undefined
    ticket.waitingSince = -1
    if (ticket.wanted !== undefined) this.bound--
    this.publish()
    this.counts[this.memory.thread]--
    return true
  }

  /** Whoever has waited too long leaves, the one who waited longest first. */
  expire(): void {
    while (this.clock.now >= this.expiresAt) {
      const ticket = this.first!
      this.leave(ticket)
      ticket.waitedInVain()
    }
  }

  /** A thread has died: nobody waits there any more. */
  forfeit(thread: number): void {
    this.counts[thread] = 0
    this.turns?.forfeit(thread)
  }

  /** The first one for whom there is room gets it. False: there is none. */
  private admitOne(): boolean {
    const { turns } = this
    let full = turns !== undefined && turns.elder >= 0 // The room is another thread's.
    for (let ticket = this.first; ticket !== undefined; ticket = ticket.behind) {
      const server = this.roomFor(ticket, full)
      if (server !== undefined) {
        this.leave(ticket)
        ticket.admitted(server)
        return true
      }
      if (ticket.wanted !== undefined) continue
      full = true // For everybody behind, but for those who wait for a certain server.
      if (this.bound === 0) return false
    }
    return false
  }

  private roomFor(ticket: Ticket, full: boolean): Endpoint | undefined {
    const { balancer } = this
    const { wanted } = ticket
    if (wanted !== undefined) {
      if (balancer.sessions.acquire(wanted, ticket.attempt)) return wanted
      if (balancer.sessions.keeps(wanted)) return undefined
      ticket.wanted = undefined
      this.bound--
      this.publish()
    }
    return full ? undefined : balancer.acquire(ticket.key, ticket.attempt, ticket.tried)
  }

  private join(ticket: Ticket): void {
    if (ticket.wanted !== undefined) this.bound++
    ticket.waitingSince = this.clock.now
    ticket.ahead = this.last
    if (this.last === undefined) this.first = ticket
    else this.last.behind = ticket
    this.last = ticket
    this.publish()
    this.memory.add(this.counts, this.memory.thread, 1)
  }

  /**
   * It waits now, and the other threads can see it. Before they could, one may have made room and rung nobody; or this one waits behind theirs,
   * and they may not know that there is room.
   */
  private look(ticket: Ticket): Endpoint | undefined {
    const { balancer, bound, length } = this
    if (length - bound > 1) return undefined // Whoever is before it has looked.
    const turns = this.turns!
    const { elder } = turns
    if (elder >= 0) {
      turns.ring(elder)
      return undefined
    }
    const server = balancer.acquire(ticket.key, ticket.attempt, ticket.tried)
    if (server !== undefined) this.leave(ticket)
    return server
  }

  /** Tells the other threads since when the first one waits here. */
  private publish(): void {
    const { turns } = this
    if (turns === undefined) return
    let ticket = this.first
    while (ticket?.wanted !== undefined) ticket = ticket.behind
    turns.seen[turns.thread] = this.clock.now
    turns.since[turns.thread] = ticket === undefined ? 0 : ticket.waitingSince
  }
}
