import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Takes a refused connection for one that never began, and puts the count back up: it is never released again. */
class LostRelease extends Broken {
  pick(): Endpoint {
    return this.servers[this.context.rng.int(this.servers.length)]
  }

  override settled(server: Endpoint, _latency: number, outcome: string): void {
    const { inflights, memory } = this.context
    if (outcome === 'refused' && server.slot >= 0) memory.add(inflights, server.slot, 1)
  }
}

export const lostRelease = mutant(
  { name: 'a release that is lost', caughtBy: 'conservation' },
  LostRelease,
)
