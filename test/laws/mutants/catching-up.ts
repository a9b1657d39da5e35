import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Deadlines stand while their server is away: it comes back to all that it missed, in a row. */
class CatchingUp extends Broken {
  private readonly deadlines = new Map<Endpoint, number>()

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    for (const server of servers) {
      if (!this.deadlines.has(server)) this.deadlines.set(server, 1 / server.weight)
    }
  }

  pick(): Endpoint {
    const { deadlines, servers } = this
    let [first] = servers
    for (const server of servers) {
      if (deadlines.get(server)! < deadlines.get(first)!) first = server
    }
    deadlines.set(first, deadlines.get(first)! + 1 / first.weight)
    return first
  }
}

export const catchingUp = mutant(
  {
    name: 'deadlines that catch up',
    caughtBy: 'returning',
    claims: ['deadlines'],
    promise: 'weight',
  },
  CatchingUp,
)
