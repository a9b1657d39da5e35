import type { Balancer } from './balancer.ts'
import type { Clock } from './clock.ts'
import type { Endpoint } from './endpoint.ts'
import type { Memory } from './memory.ts'

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
  /** For the line to write: since when it waits (-1: it does not), and its neighbours. */
  waitingSince: number
  ahead: Ticket | undefined
  behind: Ticket | undefined
  /** It has left the line with a server, which counts it as in flight already. */
  admitted(server: Endpoint): void
  /** It has left the line: it waited too long. */
  waitedInVain(): void
}

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
 * Each thread has a line of its own, because only it can answer its clients; the bound is one for all. So order is kept within a thread. Room
 * that another thread makes is seen at this one's next request, release or tick.
 */
export class WaitingLine {
  private readonly options: QueueOptions
  private readonly clock: Clock
  private readonly balancer: Pick<Balancer, 'acquire' | 'hasTakers'>
  private readonly memory: Memory
  /** How many wait in each thread. */
  private readonly counts: Int32Array
  private first: Ticket | undefined
  private last: Ticket | undefined
  private serving = false

  /** `counts`: of the memory, one a thread; for whoever has to make other parts between them and the line. */
  constructor(
    options: QueueOptions,
    clock: Clock,
    balancer: Pick<Balancer, 'acquire' | 'hasTakers'>,
    memory: Memory,
    counts = memory.ints(memory.threads),
  ) {
    this.options = options
    this.clock = clock
    this.balancer = balancer
    this.memory = memory
    this.counts = counts
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
    if (this.first === undefined) {
      const server = balancer.acquire(ticket.key, ticket.attempt, ticket.tried)
      if (server !== undefined) return server
    }
    if (!balancer.hasTakers) return 'no_server'
    if (this.total >= this.options.length) return 'line_full'
    this.join(ticket)
    return 'waits'
  }

  /** Hot: there may be room. Whoever waited longest gets it. */
  serve(): void {
    if (this.first === undefined || this.serving) return
    this.serving = true // One who is admitted may fail at once, and make room again: no second loop within this one.
    try {
      for (let ticket: Ticket | undefined = this.first; ticket !== undefined; ticket = this.first) {
        const server = this.balancer.acquire(ticket.key, ticket.attempt, ticket.tried)
        if (server === undefined) return
        this.leave(ticket)
        ticket.admitted(server)
      }
    } finally {
      this.serving = false
    }
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
  }

  private join(ticket: Ticket): void {
    ticket.waitingSince = this.clock.now
    ticket.ahead = this.last
    if (this.last === undefined) this.first = ticket
    else this.last.behind = ticket
    this.last = ticket
    this.counts[this.memory.thread]++
  }
}
