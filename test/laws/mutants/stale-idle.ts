import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Join the idle queue, but a server that gets work in another way stays in the queue: the entry is stale. */
class StaleIdle extends Broken {
  private readonly idle: Endpoint[] = []

  override update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.idle.length = 0
    for (const server of servers) if (server.inflight === 0) this.idle.push(server)
  }

  pick(): Endpoint {
    const { servers } = this
    return this.idle.shift() ?? servers[this.context.rng.int(servers.length)]
  }

  override settled(server: Endpoint): void {
    if (server.inflight === 0 && this.servers.includes(server)) this.idle.push(server)
  }
}

export const staleIdle = mutant(
  { name: 'idle once upon a time', caughtBy: 'idle_first', claims: ['idle_first'] },
  StaleIdle,
)
