import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** The Linux Virtual Server's least connections: the first of the tied gets everything while load is light. */
class FirstOfTied extends Broken {
  pick(): Endpoint {
    let [best] = this.servers
    for (const server of this.servers) {
      if (server.inflight * best.weight < best.inflight * server.weight) best = server
    }
    return best
  }
}

export const firstOfTied = mutant(
  { name: 'first of the tied', caughtBy: 'ties', claims: ['least'] },
  FirstOfTied,
)
