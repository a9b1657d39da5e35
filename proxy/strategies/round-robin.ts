import type { Endpoint } from '../core/endpoint.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'

/**
 * Takes the servers in turn, whatever their weight and load.
 *
 * Any k picks in a row over k servers reach each of them once. The eligible servers are filtered before the cursor is
 * applied, so when one leaves its share is spread over all the others; stepping over the dead one instead would give the
 * whole share to its neighbour. The turn begins at a random server, so that many proxies started together do not march in
 * step (kubernetes/ingress-nginx issue 4023).
 *
 * A pick costs one addition. Memory: the cursor.
 */
export class RoundRobin implements Strategy {
  readonly name = 'round_robin'
  private readonly cursor: Int32Array
  private readonly start: number
  private servers: readonly Endpoint[] = []

  constructor({ memory, rng }: StrategyContext) {
    this.cursor = memory.ints(1)
    this.start = rng.float()
    this.cursor[0] = -1
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    if (this.cursor[0] < 0) this.cursor[0] = Math.floor(this.start * servers.length)
  }

  pick(): Endpoint {
    const { cursor, servers } = this
    const index = cursor[0] < servers.length ? cursor[0] : 0
    cursor[0] = index + 1
    return servers[index]
  }

  settled(): void {}
}
