import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken } from './mutant.ts'

/** Earliest deadline first, with the bug that it starts all deadlines anew on each rebuild. */
export class ByDeadline extends Broken {
  private deadlines: number[] = []

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.deadlines = servers.map((server) => 1 / server.weight)
  }

  pick(): Endpoint {
    const { deadlines, servers } = this
    const first = deadlines.indexOf(Math.min(...deadlines))
    deadlines[first] = this.after(deadlines[first]) + 1 / servers[first].weight
    return servers[first]
  }

  /** From when on the next deadline is counted. */
  protected after(deadline: number): number {
    return deadline
  }
}
