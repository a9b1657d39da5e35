import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Adds those who come to a list of its own, and forgets to take out those who leave. */
class Remembering extends Broken {
  private readonly everybody: Endpoint[] = []

  override update(servers: readonly Endpoint[]): void {
    for (const server of servers) if (!this.everybody.includes(server)) this.everybody.push(server)
  }

  pick(): Endpoint {
    return this.everybody[this.context.rng.int(this.everybody.length)]
  }
}

export const remembering = mutant(
  { name: 'servers that are gone', caughtBy: 'membership' },
  Remembering,
)
