import type { Clock } from '../proxy/core/clock.ts'
import { EventQueue } from './event-queue.ts'
import { eventOf, SHARED_FINISH } from './events.ts'
import type { Attempt } from './request.ts'
import type { Service } from './workers.ts'

/**
 * Processor sharing: all are served at once and share the workers equally, none faster than one worker could.
 *
 * Since all get the same, it is enough to know how much each has got since some beginning: one that comes when that is `given`, with
 * the work w, is done when it is `given` + w. So only one event is planned, for whoever has least left, and a change of rate moves
 * nobody else. (Fair queueing's virtual time: Parekh, Gallager, "A Generalized Processor Sharing Approach to Flow Control in Integrated Services
 * Networks", IEEE/ACM ToN 1(3), 1993.)
 */
export class Sharing implements Service {
  private readonly clock: Clock
  private readonly queue: EventQueue
  private readonly station: number
  private readonly workers: number
  private speed: number
  private count = 0
  /** What each has got, of those that are here all the time. */
  private given = 0
  private since = 0
  /** What `given` will be when each is done, added up. */
  private ends = 0
  /** By what `given` will be when they are done. Those that have left before stay until it is their turn. */
  private readonly done = new EventQueue()
  private readonly attempts: readonly Attempt[]
  private version = 0

  /** `station`: its number, for events. `attempts`: where they are by number. */
  constructor(
    clock: Clock,
    queue: EventQueue,
    station: number,
    workers: number,
    speed: number,
    attempts: readonly Attempt[],
  ) {
    this.clock = clock
    this.queue = queue
    this.station = station
    this.workers = workers
    this.speed = speed
    this.attempts = attempts
  }

  begin(attempt: Attempt): void {
    this.settle()
    this.count++
    attempt.since = this.given + attempt.left
    this.ends += attempt.since
    this.done.add(attempt.since, attempt.index, attempt.version)
    this.plan()
  }

  end(attempt: Attempt): void {
    this.settle()
    this.count--
    this.ends -= attempt.since
    if (this.count === 0) this.restart()
    else this.plan()
  }

  setSpeed(speed: number): void {
    this.settle()
    this.speed = speed
    if (this.count > 0) this.plan()
  }

  get left(): number {
    // Worked out and not kept: whoever looks must not move how numbers are rounded.
    const given = this.given + (this.clock.now - this.since) * (this.count > 0 ? this.rate : 0)
    return Math.max(0, this.ends - this.count * given)
  }

  /** The planned time has come: who is done? Undefined if the plan has changed since. */
  finished(version: number): Attempt | undefined {
    if (version !== this.version) return undefined
    this.settle()
    const { done } = this
    if (done.nextAt > this.given) this.given = done.nextAt // The time was rounded.
    return this.attempts[done.take()]
  }

  /** Those that have left are taken out where they are first; then the next end is planned anew. */
  private plan(): void {
    const { clock, done, queue } = this
    this.version = (this.version + 1) | 0
    while (done.nextAt < Infinity && this.stale()) done.take()
    const rate = this.rate
    if (rate === 0) return
    const due = clock.now + Math.max(0, done.nextAt - this.given) / rate
    queue.add(due, eventOf(SHARED_FINISH, this.station), this.version)
  }

  private stale(): boolean {
    return this.attempts[this.done.first].version !== this.done.firstDetail
  }

  /** What each gets a millisecond. */
  private get rate(): number {
    const { count, speed, workers } = this
    return count <= workers ? speed : (speed * workers) / count
  }

  private settle(): void {
    const { now } = this.clock
    if (this.count > 0) this.given += (now - this.since) * this.rate
    this.since = now
  }

  /** Nobody is left: begin from 0, where numbers are finest. */
  private restart(): void {
    this.version = (this.version + 1) | 0
    while (this.done.length > 0) this.done.take()
    this.given = 0
    this.ends = 0
  }
}
