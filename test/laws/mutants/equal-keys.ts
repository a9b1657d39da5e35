import { fmix32, hash32 } from '../../../proxy/core/hash.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Rendezvous as it is in most libraries: every weight counts as 1, though the pool has others. */
class EqualKeys extends Broken {
  pick(key: number): Endpoint {
    const score = ({ id }: Endpoint): number => fmix32(fmix32(key) ^ hash32(id))
    return this.servers.reduce((best, server) => (score(server) > score(best) ? server : best))
  }
}

export const equalKeys = mutant(
  { name: 'keys without weight', caughtBy: 'key-shares', claims: ['monotone'], keyed: true },
  EqualKeys,
)
