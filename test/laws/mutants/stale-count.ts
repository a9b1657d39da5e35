import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Sorts by load when the set changes, and not when the load does. */
class StaleCount extends Broken {
  override update(servers: readonly Endpoint[]): void {
    this.servers = servers.toSorted((a, b) => a.inflight * b.weight - b.inflight * a.weight)
  }

  pick(): Endpoint {
    return this.servers[0]
  }
}

export const staleCount = mutant(
  { name: 'an old count', caughtBy: 'least', claims: ['least'] },
  StaleCount,
)
