import type { Endpoint } from './endpoint.ts'
import { GRAIN, type Rng } from './rng.ts'

const NOBODY: readonly Endpoint[] = []

/**
 * A second try takes the least busy of the servers not tried yet, ties drawn by weight, and leaves the strategy alone: it
 * promises shares of requests, and a retry that took a turn would shift them. (Two servers in turn, one of them dead: each
 * retry would use up the living one's turn, and every request would begin at the dead one.)
 */
export function leastBusy(
  eligible: readonly Endpoint[],
  avoid: readonly Endpoint[] = NOBODY,
  rng: Rng,
): Endpoint | undefined {
  let best: Endpoint | undefined
  let tied = 0
  for (let i = 0; i < eligible.length; i++) {
    const server = eligible[i]
    if (avoid.includes(server)) continue
    const difference =
      best === undefined ? -1 : server.inflight * best.weight - best.inflight * server.weight
    if (difference > 0) continue
    tied = difference < 0 ? server.weight : tied + server.weight
    if (difference < 0 || rng.int(GRAIN) * tied < server.weight * GRAIN) best = server
  }
  return best
}
