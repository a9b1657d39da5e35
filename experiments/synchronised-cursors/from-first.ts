import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'

/** Round robin that begins with the first of the list: what everybody writes, and right for one balancer that never begins anew. */
class FromFirst implements Strategy {
  readonly name = 'from_first'
  private servers: readonly Endpoint[] = []
  private turn = 0

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    return this.servers[this.turn++ % this.servers.length]
  }

  settled(): void {}
}

export const fromFirst: StrategyFactory = { promise: 'equal', create: () => new FromFirst() }
