import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Filters before each pick: a new list a request, and a collector that has to stop everybody now and then. */
class Allocating extends Broken {
  pick(): Endpoint {
    const least = this.servers.filter((server) => server.inflight <= this.servers[0].inflight)
    return least[this.context.rng.int(least.length)]
  }
}

export const allocating = mutant({ name: 'a list a pick', caughtBy: 'silence' }, Allocating)
