import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'

/** The key modulo the number of servers: even, and everything moves when that number changes. As nginx's plain `hash` and many a client library do. */
class Modulo implements Strategy {
  readonly name = 'modulo'
  private servers: readonly Endpoint[] = []

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(key: number): Endpoint {
    const { servers } = this
    return servers[(key >>> 0) % servers.length]
  }

  settled(): void {}
}

export const modulo: StrategyFactory = { promise: 'adaptive', create: () => new Modulo() }
