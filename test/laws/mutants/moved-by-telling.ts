import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Sight } from '../../../proxy/core/sight.ts'
import { Broken, mutant } from './mutant.ts'

/** Uses the dice up when it is asked what they will show. */
class MovedByTelling extends Broken {
  private drawn = -1

  pick(): Endpoint {
    const place = this.drawn < 0 ? this.context.rng.int(GRAIN) : this.drawn
    this.drawn = -1
    return this.servers[place % this.servers.length]
  }

  explain(sight: Sight): void {
    this.drawn = this.context.rng.int(GRAIN)
    this.context.rng.bits()
    sight.expected = this.servers[this.drawn % this.servers.length].slot
  }
}

const GRAIN = 2 ** 30

export const movedByTelling = mutant(
  { name: 'moved by telling', caughtBy: 'explaining' },
  MovedByTelling,
)
