import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'

/**
 * Balances connections, not requests: a connection is given to the server with the fewest connections, and all its requests follow it. What a
 * balancer of TCP connections does in front of HTTP/2 or gRPC. The key of a request is its connection.
 */
class ByConnection implements Strategy {
  readonly name = 'by_connection'
  private servers: readonly Endpoint[] = []
  private readonly serverOf = new Map<number, Endpoint>()
  /** How many connections each server has, by place in the list. */
  private counts: number[] = []

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.counts = servers.map(() => 0)
    this.serverOf.clear()
  }

  pick(key: number): Endpoint {
    const known = this.serverOf.get(key)
    if (known !== undefined) return known
    const { counts, servers } = this
    let least = 0
    for (let i = 1; i < counts.length; i++) if (counts[i] < counts[least]) least = i
    counts[least]++
    this.serverOf.set(key, servers[least])
    return servers[least]
  }

  settled(): void {}

  /** The fewest and the most connections of a server. */
  get spread(): readonly [number, number] {
    return [Math.min(...this.counts), Math.max(...this.counts)]
  }
}

export type { ByConnection }

export const byConnection: StrategyFactory = {
  promise: 'adaptive',
  create: () => new ByConnection(),
}
