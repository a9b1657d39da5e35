import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** One `=` too many in a scan for the least: the last of the list is everybody’s favourite, by its place alone. */
class LastOfTied extends Broken {
  pick(): Endpoint {
    let [best] = this.servers
    for (const server of this.servers) {
      if (server.inflight * best.weight <= best.inflight * server.weight) best = server
    }
    return best
  }
}

export const lastOfTied = mutant({ name: 'last of the tied', caughtBy: 'reordering' }, LastOfTied)
