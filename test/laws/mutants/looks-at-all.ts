import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** As many choices as there are servers: whoever looks idle, because it fails at once, gets everything. */
class LooksAtAll extends Broken {
  pick(): Endpoint {
    let best = this.servers[0]
    let tied = 0
    for (const server of this.servers) {
      const difference = server.inflight * best.weight - best.inflight * server.weight
      tied = difference < 0 ? 1 : tied + (difference === 0 ? 1 : 0)
      if (difference < 0 || (difference === 0 && this.context.rng.int(tied) === 0)) best = server
    }
    return best
  }
}

export const looksAtAll = mutant(
  { name: 'a look at all', caughtBy: 'choices', claims: ['choices'] },
  LooksAtAll,
)
