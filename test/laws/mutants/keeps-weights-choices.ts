import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** The less busy of two, for the weights that servers had when it first saw them. */
class KeepsWeightsChoices extends Broken {
  private readonly weights = new Map<Endpoint, number>()

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    for (const server of servers) {
      if (!this.weights.has(server)) this.weights.set(server, server.weight)
    }
  }

  pick(): Endpoint {
    const { rng } = this.context
    const { servers, weights } = this
    const a = rng.int(servers.length)
    const [first, second] = [
      servers[a],
      servers[(a + 1 + rng.int(servers.length - 1)) % servers.length],
    ]
    return second.inflight * weights.get(first)! < first.inflight * weights.get(second)!
      ? second
      : first
  }
}

export const keepsWeightsChoices = mutant(
  { name: 'two choices by weights of first sight', caughtBy: 'reweighing', claims: ['choices'] },
  KeepsWeightsChoices,
)
