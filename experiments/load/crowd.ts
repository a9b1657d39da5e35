import { EventQueue } from '../../simulator/event-queue.ts'
import { Sender, type SenderOptions } from './sender.ts'
import type { DueRequest } from './source.ts'
import { LONGEST_WAIT } from './timer.ts'

/** A request of a user who waits for his answer. When it is due comes from the answer before, and is filled in here. */
export interface UsersRequest extends DueRequest {
  time: number
  /** His number, from 0 on. */
  readonly user: number
}

/** What users do: one question for all of them, so that a million cost no million objects. */
export interface Users {
  readonly count: number
  /** How long he thinks before his next request, in milliseconds. */
  think(user: number): number
  /** What he asks for next. */
  next(user: number): UsersRequest
}

export interface CrowdOptions extends SenderOptions {
  readonly users: Users
  /** Nothing is due from this many milliseconds on. Default: until it is stopped. */
  readonly duration?: number | undefined
}

/** Milliseconds before somebody who was turned away comes back, at least: else time would stand still. */
const SHORTEST = 1

/**
 * So many users, each of whom asks, waits for the answer, thinks, and asks again: a closed model. A slow server is asked less, so
 * what a stall does to those who would have come meanwhile is not seen; `Generator` is for that.
 */
export class Crowd extends Sender {
  private readonly users: Users
  private readonly duration: number
  /** When each user who thinks will ask. */
  private readonly thinking = new EventQueue()
  private callOff: (() => void) | undefined
  private wakesAt = Infinity
  private pumping = false

  constructor(options: CrowdOptions) {
    super(options)
    this.users = options.users
    this.duration = options.duration ?? Infinity
  }

  /** Each begins with a thought: they come one by one, as people do. */
  protected begin(): void {
    for (let user = 0; user < this.users.count; user++) this.think(user, 0)
    this.pump()
  }

  protected rest(): void {
    this.callOff?.()
  }

  protected answered(request: DueRequest): void {
    if (!this.running) return
    this.think((request as UsersRequest).user, this.timer.now() - this.began)
    // What cannot be sent is over before `send` returns.
    if (!this.pumping && this.thinking.nextAt < this.wakesAt) this.pump()
  }

  private think(user: number, from: number): void {
    this.thinking.add(from + this.users.think(user), user)
  }

  private readonly pump = (): void => {
    if (!this.running) return
    const { thinking } = this
    let now = this.timer.now() - this.began
    this.pumping = true
    while (thinking.nextAt <= now && thinking.nextAt < this.duration) {
      const time = thinking.nextAt
      const user = thinking.take()
      const request = this.users.next(user)
      request.time = time
      // Who is turned away thinks again, as somebody does who got an error.
      if (!this.send(request)) this.think(user, now + SHORTEST)
    }
    this.pumping = false
    now = this.timer.now() - this.began
    if (now >= this.duration) return this.stop()
    this.callOff?.()
    this.wakesAt = Math.min(thinking.nextAt, this.duration)
    const wait = Math.min(LONGEST_WAIT, Math.max(0, this.wakesAt - now))
    this.callOff = this.timer.after(wait, this.wake)
  }

  private readonly wake = (): void => {
    this.wakesAt = Infinity
    this.pump()
  }
}
