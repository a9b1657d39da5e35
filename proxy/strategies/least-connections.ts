import type { Endpoint } from '../core/endpoint.ts'
import { GRAIN, type Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'

/**
 * Takes the server with the fewest requests in flight for its weight.
 *
 * The rule of nginx's least_conn and of the Linux Virtual Server's weighted least-connection scheduling (Wensong Zhang,
 * "Linux Virtual Server for Scalable Network Services", Ottawa Linux Symposium, 2000). Ties are drawn at random in
 * proportion to weight. LVS takes the first of the tied, so that an idle pool gives everything to one server; nginx uses
 * smooth weighted round robin among the tied, which many proxies can fall into step with.
 *
 * A pick looks at every server, and costs a random number for each tie. No memory of its own.
 */
export class LeastConnections implements Strategy {
  readonly name = 'least_connections'
  private readonly rng: Rng
  private servers: readonly Endpoint[] = []

  constructor({ rng }: StrategyContext) {
    this.rng = rng
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    const { rng, servers } = this
    let best = servers[0]
    let tied = best.weight // The weight of all that tie with the best so far, itself included.
    for (let i = 1; i < servers.length; i++) {
      const server = servers[i]
      // Cross-multiplied, so weights need no division.
      const difference = server.inflight * best.weight - best.inflight * server.weight
      if (difference < 0) {
        best = server
        tied = server.weight
      } else if (difference === 0) {
        // Reservoir sampling (Vitter, 1985): each of the tied ends up chosen in proportion to its weight.
        tied += server.weight
        if (rng.int(GRAIN) * tied < server.weight * GRAIN) best = server
      }
    }
    return best
  }

  settled(): void {}
}
