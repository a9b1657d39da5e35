import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Steps over a server that is away, so that its neighbour takes its whole share (valyala/fasthttp issue 643). */
class SkipNext extends Broken {
  private readonly everybody: Endpoint[] = []
  private cursor = 0

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    for (const server of servers) if (!this.everybody.includes(server)) this.everybody.push(server)
  }

  pick(): Endpoint {
    const { everybody, servers } = this
    let index = this.cursor++ % everybody.length
    while (!servers.includes(everybody[index])) index = (index + 1) % everybody.length
    return everybody[index]
  }
}

export const skipNext = mutant(
  { name: 'steps over the dead', caughtBy: 'turn-changes', claims: ['turn'], promise: 'equal' },
  SkipNext,
)
