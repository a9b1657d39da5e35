import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Counts failures by slot in an array that nobody clears: the next server in the slot pays for them. */
class Grudge extends Broken {
  private readonly failures: number[] = []

  pick(): Endpoint {
    const { failures, servers } = this
    let [best] = servers
    for (const server of servers) {
      if ((failures[server.slot] ?? 0) < (failures[best.slot] ?? 0)) best = server
    }
    return best
  }

  override settled(server: Endpoint, _latency: number, outcome: string): void {
    if (outcome !== 'ok') this.failures[server.slot] = (this.failures[server.slot] ?? 0) + 1
  }
}

export const grudge = mutant({ name: 'a grudge against a slot', caughtBy: 'used-slot' }, Grudge)
