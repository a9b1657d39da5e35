import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Round robin that begins at the first server after each change, so that the first get more (kubernetes/ingress-nginx issue 4023). */
class Restarting extends Broken {
  private cursor = 0

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.cursor = 0
  }

  pick(): Endpoint {
    return this.servers[this.cursor++ % this.servers.length]
  }
}

export const restarting = mutant(
  { name: 'turns that restart', caughtBy: 'flapping', claims: ['turn'], promise: 'equal' },
  Restarting,
)
