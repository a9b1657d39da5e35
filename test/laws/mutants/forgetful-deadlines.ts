import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Starts all deadlines anew on each rebuild, the heavy ones first: with enough rebuilds the light never have a turn (Envoy pull request 10064). */
class ForgetfulDeadlines extends Broken {
  private deadlines: number[] = []

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.deadlines = servers.map((server) => 1 / server.weight)
  }

  pick(): Endpoint {
    const { deadlines, servers } = this
    const first = deadlines.indexOf(Math.min(...deadlines))
    deadlines[first] += 1 / servers[first].weight
    return servers[first]
  }
}

export const forgetfulDeadlines = mutant(
  {
    name: 'deadlines forgotten on rebuild',
    caughtBy: 'flapping',
    claims: ['deadlines'],
    promise: 'weight',
  },
  ForgetfulDeadlines,
)
