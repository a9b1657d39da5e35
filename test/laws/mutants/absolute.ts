import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Takes weights for numbers of requests: one slot for a weight of less than 1, and 1000 for a weight of 1000. */
class Absolute extends Broken {
  private cursor = 0

  pick(): Endpoint {
    const turns = this.servers.flatMap((server) =>
      Array.from({ length: Math.ceil(server.weight) }, () => server),
    )
    return turns[this.cursor++ % turns.length]
  }
}

export const absolute = mutant({ name: 'absolute weights', caughtBy: 'scaling' }, Absolute)
