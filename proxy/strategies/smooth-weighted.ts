import type { Endpoint } from '../core/endpoint.ts'
import type { Lock } from '../core/lock.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'

const WORDS: Words = {
  strategy: 'weighted_round_robin',
  score: 'credit, once each is credited its weight',
  best: 'highest',
  ties: 'the first of the list',
}

/**
 * Takes turns in proportion to weight, and spreads a heavy server's turns out: weights 5, 1, 1 give a a b a c a a.
 *
 * Before a pick every server is credited its weight; the richest is picked and pays the sum of all weights. So the credits
 * of all, those who are away included, always add up to 0, and a server's credit says how far it is behind its due. From
 * nginx (Maxim Dounin, "Upstream: smooth weighted round-robin balancing", 2012). A server is never more than
 * 1 - 1/n picks ahead of its due and never more than 1/2 + 1/3 + … + 1/n behind.
 *
 * A pick looks at every server. Memory: one credit a server, and the weight it was earned at; a server that is away keeps its
 * credit, so its return causes no burst. When weights change, all credits are scaled with their sum: who was half a pick
 * behind still is, where nginx would go on owing what was earned under heavier weights.
 */
export class SmoothWeighted implements Strategy {
  readonly name = 'weighted_round_robin'
  private readonly credit: Float64Array
  /** The weight of each server as of the last update; 0: it was in none. */
  private readonly weightThen: Float64Array
  private readonly lock: Lock
  private servers: readonly Endpoint[] = []

  constructor({ memory }: StrategyContext) {
    this.credit = memory.floatPerSlot()
    this.weightThen = memory.floatPerSlot()
    this.lock = memory.lock
  }

  update(servers: readonly Endpoint[]): void {
    const { credit, lock, weightThen } = this
    this.servers = servers
    lock.enter()
    let before = 0
    let now = 0
    for (const { slot, weight } of servers) {
      if (weightThen[slot] > 0) {
        before += weightThen[slot]
        now += weight
      }
      weightThen[slot] = weight
    }
    // Of all, those who are away included, so that the sum stays 0. A second thread finds it done.
    if (now !== before) for (let i = 0; i < credit.length; i++) credit[i] *= now / before
    lock.leave()
  }

  pick(): Endpoint {
    const { credit, lock, servers } = this
    let total = 0
    let best = servers[0]
    let most = -Infinity
    lock.enter() // The credits of all change together, or their sum would not stay 0.
    for (let i = 0; i < servers.length; i++) {
      const server = servers[i]
      const now = (credit[server.slot] += server.weight)
      total += server.weight
      if (now > most) {
        most = now
        best = server // The first of equals, as in nginx.
      }
    }
    credit[best.slot] -= total
    lock.leave()
    return best
  }

  explain(sight: Sight): void {
    const { credit, servers } = this
    sight.words = WORDS
    if (sight.brief) return
    let most = -Infinity
    for (let i = 0; i < servers.length; i++) {
      const { slot, weight } = servers[i]
      const now = credit[slot] + weight
      sight.see(servers[i])
      sight.score[slot] = now
      if (now > most) {
        most = now
        sight.expected = slot
      }
    }
  }

  settled(): void {}
}
