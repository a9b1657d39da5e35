import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Fills up whoever has the most already, which is the first of the list only as long as nobody finishes. */
class LastFirst extends Broken {
  pick(): Endpoint {
    let [best] = this.servers
    for (const server of this.servers) if (server.inflight > best.inflight) best = server
    return best
  }
}

export const lastFirst = mutant(
  { name: 'the fullest first', caughtBy: 'in_order', claims: ['in_order'] },
  LastFirst,
)
