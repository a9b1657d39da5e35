import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'

/**
 * Small requests to the first server, larger ones to the next: between the cuts, each server gets the same work. What is small never waits
 * behind what is large. SITA-E: Harchol-Balter, Crovella and Murta, "On Choosing a Task Assignment Policy for a Distributed Server
 * System", Journal of Parallel and Distributed Computing 59(2), 1999. The key of a request must be its size.
 */
class BySize implements Strategy {
  readonly name = 'by_size'
  private readonly cuts: readonly number[]
  private servers: readonly Endpoint[] = []

  /** `cuts`: the largest size of each server but the last, in the unit of keys. */
  constructor(cuts: readonly number[]) {
    this.cuts = cuts
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(key: number): Endpoint {
    const { cuts, servers } = this
    let i = 0
    while (i < cuts.length && i < servers.length - 1 && key > cuts[i]) i++
    return servers[i]
  }

  settled(): void {}
}

export function bySize(cuts: readonly number[]): StrategyFactory {
  return { promise: 'adaptive', create: () => new BySize(cuts) }
}
