import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { fmix32, hash32 } from '../../../proxy/core/hash.ts'
import { Broken, mutant } from './mutant.ts'

/** By the highest score, of 12 bits only: one key in a thousand or two ties, and goes to the first of the list. */
class CoarseHash extends Broken {
  pick(key: number): Endpoint {
    let [best] = this.servers
    let most = -1
    for (const server of this.servers) {
      const score = fmix32((hash32(server.id) ^ key) >>> 0) >>> 20
      if (score <= most) continue
      most = score
      best = server
    }
    return best
  }
}

export const coarseHash = mutant(
  { name: 'a coarse hash', caughtBy: 'monotone', claims: ['monotone'], keyed: true },
  CoarseHash,
)
