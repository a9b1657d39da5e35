import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Takes requests in flight for work, as if all were of one size: a short queue of long ones looks better than a long queue of short ones. */
class InflightIsWork extends Broken {
  pick(): Endpoint {
    return this.servers.toSorted((a, b) => a.inflight * b.weight - b.inflight * a.weight)[0]
  }
}

export const inflightIsWork = mutant(
  { name: 'requests in flight taken for work', caughtBy: 'one-queue', claims: ['least_work'] },
  InflightIsWork,
)
