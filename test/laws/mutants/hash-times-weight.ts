import { fmix32, hash32 } from '../../../proxy/core/hash.ts'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Ranks by weight × hash, where it takes -weight / ln(hash): one of weight 2 beats one of weight 1 three times in four, not twice in three. */
class HashTimesWeight extends Broken {
  pick(key: number): Endpoint {
    const score = ({ id, weight }: Endpoint): number => weight * fmix32(fmix32(key) ^ hash32(id))
    return this.servers.reduce((best, server) => (score(server) > score(best) ? server : best))
  }
}

export const hashTimesWeight = mutant(
  { name: 'hash times weight', caughtBy: 'by_weight', claims: ['by_weight'], keyed: true },
  HashTimesWeight,
)
