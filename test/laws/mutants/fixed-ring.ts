import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { mutant } from './mutant.ts'
import { Ring } from './ring.ts'

/** Envoy’s ring has a fixed size in all, so each server’s points change with the number of servers: keys move between old ones. */
class FixedRing extends Ring {
  protected override pointsOf(server: Endpoint, total: number): number {
    return Math.round((256 * server.weight) / total)
  }
}

export const fixedRing = mutant(
  { name: 'a ring of fixed size', caughtBy: 'monotone', claims: ['monotone'], keyed: true },
  FixedRing,
)
