import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { GRAIN, type Rng } from '../../proxy/core/rng.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../proxy/core/strategy.ts'

/**
 * Draws two different servers by weight and takes the one with fewer requests in flight, or, with `divided`, with fewer for its weight, as nginx's `random two least_conn` does, where
 * weights act twice. A tie goes to the second, as in Finagle and nginx; the first would be exact where nobody is busy.
 */
class WeightedPair implements Strategy {
  readonly name = 'weighted_pair'
  private readonly rng: Rng
  private readonly divided: boolean
  private servers: readonly Endpoint[] = []
  private total = 0
  /** In how many pairs each server was, by place in the list. */
  drawn: number[] = []

  constructor({ rng }: StrategyContext, divided: boolean) {
    this.rng = rng
    this.divided = divided
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.total = servers.reduce((sum, { weight }) => sum + weight, 0)
    this.drawn = servers.map(() => 0)
  }

  pick(): Endpoint {
    const { divided, drawn, servers, total } = this
    const a = this.draw(total, -1)
    const b = this.draw(total - servers[a].weight, a)
    drawn[a]++
    drawn[b]++
    const first = servers[a]
    const second = servers[b]
    const busier = divided
      ? first.inflight * second.weight < second.inflight * first.weight
      : first.inflight < second.inflight
    return busier ? first : second
  }

  settled(): void {}

  /** A place in the list, by weight; never `without`. */
  private draw(total: number, without: number): number {
    const { servers } = this
    let left = (this.rng.int(GRAIN) / GRAIN) * total
    let found = -1
    for (let i = 0; i < servers.length; i++) {
      if (i === without) continue
      found = i
      left -= servers[i].weight
      if (left < 0) break
    }
    return found
  }
}

export type { WeightedPair }

export function weightedPair(divided: boolean): StrategyFactory {
  return { promise: 'adaptive', create: (context) => new WeightedPair(context, divided) }
}
