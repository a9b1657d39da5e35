import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Counts its pick in the balancer’s own counts, which the balancer does as well. */
class Meddling extends Broken {
  pick(): Endpoint {
    const { inflights, rng } = this.context
    const server = this.servers[rng.int(this.servers.length)]
    inflights[server.slot]++
    return server
  }
}

export const meddling = mutant({ name: 'counts twice', caughtBy: 'hands-off' }, Meddling)
