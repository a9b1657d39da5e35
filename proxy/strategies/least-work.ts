import type { Endpoint } from '../core/endpoint.ts'
import type { Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'
import { TIED } from '../core/sight.ts'

const WORDS: Words = {
  strategy: 'least_work',
  score: 'work in front of it / weight, in milliseconds',
  best: 'lowest',
  ties: 'one of them at random',
}

/**
 * Takes the server with the least work in front of it for its weight: the oracle that others are measured against.
 *
 * Of servers that take their requests in order of arrival, the one with the least work is the one where a request begins
 * soonest. So servers with queues of their own behave as one queue in front of all of them: every request leaves at the
 * very same time (Jack Kiefer and Jacob Wolfowitz, "On the theory of queues with many servers", Transactions of the AMS 78,
 * 1955, follow the work in front of each server in just this way; Mor Harchol-Balter, "Performance Modeling and Design of
 * Computer Systems", 2013, chapter 24, has it as Least Work Left). Whatever else a strategy knows, it can only guess at
 * this: requests in flight are the guess that takes all of them to be of one size. Where sizes differ a lot it is not even the
 * best that can be done; keeping the short away from the long can be better.
 *
 * The weight stands for the speed. Ties, as among idle servers, are drawn at random.
 *
 * Only the simulator knows what is still to come, so the proxy refuses this one. A pick looks at every server. No memory.
 */
export class LeastWork implements Strategy {
  readonly name = 'least_work'
  private readonly remainingWork: (server: Endpoint) => number
  private readonly rng: Rng
  private servers: readonly Endpoint[] = []

  /** Throws a `RangeError` where nobody knows the remaining work. */
  constructor({ remainingWork, rng }: StrategyContext) {
    if (remainingWork === undefined) {
      const reason =
        'least_work knows how much work every server still has, which only the simulator can'
      throw new RangeError(`${reason}: choose another strategy`)
    }
    this.remainingWork = remainingWork
    this.rng = rng
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    return this.choose(this.rng)
  }

  explain(sight: Sight): void {
    sight.words = WORDS
    if (sight.brief) return
    const best = this.choose(this.rng.ahead(), sight)
    sight.markTied(best, TIED)
    sight.expected = best.slot
  }

  private choose(rng: Rng, sight?: Sight): Endpoint {
    const { remainingWork, servers } = this
    let best = servers[0]
    let least = Infinity
    let tied = 0
    for (let i = 0; i < servers.length; i++) {
      const server = servers[i]
      const work = remainingWork(server)
      if (sight !== undefined) {
        sight.see(server)
        sight.score[server.slot] = work / server.weight
      }
      // Cross-multiplied, so weights need no division.
      const difference = work * best.weight - least * server.weight
      if (difference > 0) continue
      // Reservoir sampling (Vitter, 1985): each of the tied ends up chosen with the same probability.
      if (difference === 0 && rng.int(++tied) > 0) continue
      if (difference < 0) tied = 1
      best = server
      least = work
    }
    return best
  }

  settled(): void {}
}
