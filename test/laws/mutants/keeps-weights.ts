import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Smooth, and by the weights that servers had when it first saw them: a slow start never ends. */
class KeepsWeights extends Broken {
  private readonly weights = new Map<Endpoint, number>()
  private readonly credit = new Map<Endpoint, number>()

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    for (const server of servers) {
      if (!this.weights.has(server)) this.weights.set(server, server.weight)
    }
  }

  pick(): Endpoint {
    const { credit, servers, weights } = this
    let total = 0
    let [best] = servers
    for (const server of servers) {
      const weight = weights.get(server)!
      total += weight
      credit.set(server, (credit.get(server) ?? 0) + weight)
      if (credit.get(server)! > credit.get(best)!) best = server
    }
    credit.set(best, credit.get(best)! - total)
    return best
  }
}

export const keepsWeights = mutant(
  { name: 'weights of first sight', caughtBy: 'reweighing', claims: ['smooth'], promise: 'weight' },
  KeepsWeights,
)
