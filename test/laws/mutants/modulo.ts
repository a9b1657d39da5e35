import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** The remainder of a hash: when one of n leaves, (n - 1)/n of all keys move. */
class Modulo extends Broken {
  override update(servers: readonly Endpoint[]): void {
    this.servers = servers.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }

  pick(key: number): Endpoint {
    return this.servers[key % this.servers.length]
  }
}

export const modulo = mutant(
  {
    name: 'the remainder of a key',
    caughtBy: 'nearly_monotone',
    claims: ['nearly_monotone'],
    keyed: true,
  },
  Modulo,
)
