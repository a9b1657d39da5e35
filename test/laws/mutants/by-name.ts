import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Sorts by name before it takes turns: with names by age, the oldest machine is always first. */
class ByName extends Broken {
  private cursor = 0

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }

  pick(): Endpoint {
    return this.servers[this.cursor++ % this.servers.length]
  }
}

export const byName = mutant(
  { name: 'turns by name', caughtBy: 'renaming', promise: 'equal' },
  ByName,
)
