import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Smooth, and what was owed under heavy weights is paid under light ones: thousands of turns for one pick (nginx’s rule, weights changed). */
class OldDebts extends Broken {
  private readonly credit = new Map<Endpoint, number>()

  pick(): Endpoint {
    const { credit, servers } = this
    let total = 0
    let [best] = servers
    for (const server of servers) {
      total += server.weight
      credit.set(server, (credit.get(server) ?? 0) + server.weight)
      if (credit.get(server)! > credit.get(best)!) best = server
    }
    credit.set(best, credit.get(best)! - total)
    return best
  }
}

export const oldDebts = mutant(
  { name: 'debts of old weights', caughtBy: 'reweighing', claims: ['smooth'], promise: 'weight' },
  OldDebts,
)
