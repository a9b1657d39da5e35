import type { Endpoint } from '../core/endpoint.ts'
import type { Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'

/**
 * Looks at two servers chosen at random and takes the less busy.
 *
 * One look leaves a longest queue of about log n / log log n; a second look brings it to log log n / log 2, and a third
 * adds little. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001. The two are
 * distinct, as in Finagle and nginx; Envoy may draw the same server twice, so that even the busiest gets 1/n² of the picks.
 *
 * A pick costs two random numbers. No memory.
 */
export class PowerOfTwo implements Strategy {
  readonly name = 'power_of_two'
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
    const a = rng.int(servers.length)
    let b = rng.int(servers.length - 1)
    if (b >= a) b++ // Step over a: two distinct servers, every pair equally likely.
    const first = servers[a]
    const second = servers[b]
    // Cross-multiplied, so weights need no division. A tie goes to the first, itself random.
    return second.inflight * first.weight < first.inflight * second.weight ? second : first
  }

  settled(): void {}
}
