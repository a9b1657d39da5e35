import type { EventQueue } from './event-queue.ts'

/** Something that has begun and may be late. */
export interface Timed<T> {
  readonly startedAt: number
  earlier: T | undefined
  later: T | undefined
  /** It is in the list. */
  timed: boolean
}

/**
 * Those that are waited for no longer than a given time. All have the same patience, so they run out in the order in which they began: a
 * list instead of a heap, one event for all instead of one each, and nothing left behind by those that ended in time.
 */
export class Patience<T extends Timed<T>> {
  private readonly patience: number
  private readonly queue: EventQueue
  private readonly event: number
  private first: T | undefined = undefined
  private last: T | undefined = undefined
  /** The event is planned, or is being handled. */
  private armed = false

  /** `patience`: in milliseconds. `event`: what is scheduled for when somebody may be late; then `late` is to be asked. */
  constructor(patience: number, queue: EventQueue, event: number) {
    this.patience = patience
    this.queue = queue
    this.event = event
  }

  /** One begins, no earlier than those before it. */
  add(one: T): void {
    one.timed = true
    one.earlier = this.last
    one.later = undefined
    if (this.last === undefined) this.first = one
    else this.last.later = one
    this.last = one
    if (!this.armed) this.arm(one)
  }

  /** One has ended, in time or not. */
  remove(one: T): void {
    if (!one.timed) return
    const { earlier, later } = one
    if (earlier === undefined) this.first = later
    else earlier.later = later
    if (later === undefined) this.last = earlier
    else later.earlier = earlier
    one.earlier = undefined
    one.later = undefined
    one.timed = false
  }

  /** Takes out one that is late by `now`, the first to be. With none left, undefined, and the event is planned anew. */
  late(now: number): T | undefined {
    const { first } = this
    if (first === undefined) this.armed = false
    else if (first.startedAt + this.patience > now) this.arm(first)
    else {
      this.remove(first)
      return first
    }
    return undefined
  }

  private arm(first: T): void {
    this.armed = true
    this.queue.add(first.startedAt + this.patience, this.event)
  }
}
