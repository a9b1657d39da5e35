import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Smooth turns whose credits are in an array of its own: a new server begins with what the former one had left. */
class OldCredit extends Broken {
  private readonly credit: number[] = []

  pick(): Endpoint {
    const { credit, servers } = this
    let best = servers[0]
    let total = 0
    for (const server of servers) {
      credit[server.slot] = (credit[server.slot] ?? 0) + server.weight
      total += server.weight
      if (credit[server.slot] > credit[best.slot]) best = server
    }
    credit[best.slot] -= total
    return best
  }
}

export const oldCredit = mutant(
  {
    name: 'credit of a former server',
    caughtBy: 'empty-slots',
    claims: ['smooth'],
    promise: 'weight',
  },
  OldCredit,
)
