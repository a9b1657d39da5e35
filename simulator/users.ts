import type { Rng } from '../proxy/core/rng.ts'
import type { ClosedSpec } from './arrivals/closed.ts'
import { type Sampler, sampler } from './distributions.ts'

/** Closed users: each thinks, asks, waits for the answer, and thinks again. */
export class Users {
  /** Each has a stream of his own, so that his n-th thought takes as long, whatever the others meet. */
  private readonly thoughts: Sampler[] = []

  constructor({ think, users }: ClosedSpec, rng: Rng) {
    for (let user = 0; user < users; user++) {
      this.thoughts.push(sampler(think, rng.fork(`user ${user}`), 'arrivals.think'))
    }
  }

  get count(): number {
    return this.thoughts.length
  }

  /** How long this user thinks now, in milliseconds. */
  next(user: number): number {
    return this.thoughts[user]()
  }
}
