import type { Clock } from '../proxy/core/clock.ts'
import type { EventQueue } from './event-queue.ts'
import { eventOf, FINISH } from './events.ts'
import type { Attempt } from './request.ts'

/** How a server gets through its work: when those whose service has begun are done. */
export interface Service {
  /** A service begins; `attempt.left` says how much work it is. */
  begin(attempt: Attempt): void
  /** A service ends, whether it is done or not. */
  end(attempt: Attempt): void
  /** From now on every worker does so much work a millisecond; 0: none at all. */
  setSpeed(speed: number): void
  /** The work left now of those that are being served, at speed 1. */
  readonly left: number
}

/** Each worker serves one at a time, so that a service is over when its work is done at the worker's speed. */
export class Workers implements Service {
  private readonly clock: Clock
  private readonly queue: EventQueue
  private speed: number
  /** Those being served, in no order. `attempt.desk` says where each is. */
  private readonly busy: Attempt[] = []

  constructor(clock: Clock, queue: EventQueue, speed: number) {
    this.clock = clock
    this.queue = queue
    this.speed = speed
  }

  begin(attempt: Attempt): void {
    attempt.desk = this.busy.length
    this.busy.push(attempt)
    attempt.since = this.clock.now
    this.schedule(attempt)
  }

  end(attempt: Attempt): void {
    const { busy } = this
    const last = busy.pop()!
    if (last === attempt) return
    last.desk = attempt.desk
    busy[attempt.desk] = last
  }

  setSpeed(speed: number): void {
    for (const attempt of this.busy) {
      attempt.left = this.leftOf(attempt)
      attempt.since = this.clock.now
    }
    this.speed = speed
    for (const attempt of this.busy) {
      attempt.version = (attempt.version + 1) | 0
      this.schedule(attempt)
    }
  }

  get left(): number {
    let left = 0
    for (let i = 0; i < this.busy.length; i++) left += this.leftOf(this.busy[i])
    return left
  }

  private leftOf(attempt: Attempt): number {
    return Math.max(0, attempt.left - (this.clock.now - attempt.since) * this.speed)
  }

  private schedule(attempt: Attempt): void {
    if (this.speed === 0) return
    const due = this.clock.now + attempt.left / this.speed
    this.queue.add(due, eventOf(FINISH, attempt.index), attempt.version)
  }
}
