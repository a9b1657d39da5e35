import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Takes the next deadline from now and not from the last one: what is lost in a tie is lost for good. */
class LateDeadlines extends Broken {
  private deadlines: number[] = []

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.deadlines = servers.map((server) => 1 / server.weight)
  }

  pick(): Endpoint {
    const { deadlines, servers } = this
    const first = deadlines.indexOf(Math.min(...deadlines))
    const now = Math.ceil(deadlines[first]) // Whole units of time.
    deadlines[first] = now + 1 / servers[first].weight
    return servers[first]
  }
}

export const lateDeadlines = mutant(
  {
    name: 'deadlines that are late',
    caughtBy: 'deadlines',
    claims: ['deadlines'],
    promise: 'weight',
  },
  LateDeadlines,
)
