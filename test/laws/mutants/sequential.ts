import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/**
 * Weighted turns in blocks, as in nginx before 1.3.1 (2012; ngx_http_upstream_get_peer): of neighbours the later goes first until
 * the earlier has more of its turns left, for its weight. Weights of 5, 1 and 1 come out as c b a a a a a.
 */
class Sequential extends Broken {
  private left: number[] = []

  override update(servers: readonly Endpoint[]): void {
    super.update(servers)
    this.left = servers.map(turnsOf)
  }

  pick(): Endpoint {
    const { servers } = this
    if (this.left.every((turns) => turns === 0)) this.left = servers.map(turnsOf)
    let at = -1
    for (let i = 0; i < servers.length; i++) {
      if (this.left[i] === 0) continue
      // In thousandths, rounded down, as there.
      const more = (counts: readonly number[]): number =>
        Math.floor((counts[at] * 1000) / counts[i])
      if (at >= 0 && more(this.left) > more(servers.map(turnsOf))) break
      at = i
    }
    this.left[at]--
    return servers[at]
  }
}

/** Weights are quarters here, and whole numbers there. */
function turnsOf({ weight }: Endpoint): number {
  return Math.round(weight * 4)
}

export const sequential = mutant(
  { name: 'turns in blocks', caughtBy: 'smooth', claims: ['smooth'], promise: 'weight' },
  Sequential,
)
