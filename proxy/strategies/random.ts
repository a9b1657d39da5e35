import type { Endpoint } from '../core/endpoint.ts'
import { GRAIN, type Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'

/**
 * Draws a server at random, in proportion to weight.
 *
 * By the alias method (Walker, "New fast method for generating discrete random numbers with arbitrary frequency
 * distributions", Electronics Letters 10(8), 1974; built as in Vose, IEEE TSE 17(9), 1991): n cells of equal size, each
 * shared by at most two servers.
 *
 * A pick costs two random numbers. Memory: the cells, made anew when servers or weights change.
 */
export class Random implements Strategy {
  readonly name = 'random'
  private readonly rng: Rng
  private servers: readonly Endpoint[] = []
  /** The part of each cell that belongs to its own server; the rest belongs to `alias`. */
  private keep = new Float64Array(0)
  private alias = new Int32Array(0)

  constructor({ rng }: StrategyContext) {
    this.rng = rng
  }

  update(servers: readonly Endpoint[]): void {
    const n = servers.length
    let total = 0
    for (const server of servers) total += server.weight
    const rest = servers.map((server) => (server.weight * n) / total)
    const keep = new Float64Array(n).fill(1)
    const alias = new Int32Array(n)
    const small: number[] = []
    const large: number[] = []
    rest.forEach((part, i) => (part < 1 ? small : large).push(i))
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop()!
      const rich = large.at(-1)!
      keep[poor] = rest[poor]
      alias[poor] = rich
      rest[rich] -= 1 - rest[poor]
      if (rest[rich] < 1) small.push(large.pop()!)
    }
    this.servers = servers
    this.keep = keep
    this.alias = alias
  }

  pick(): Endpoint {
    const { rng, servers } = this
    const cell = rng.int(servers.length)
    return rng.int(GRAIN) < this.keep[cell] * GRAIN ? servers[cell] : servers[this.alias[cell]]
  }

  settled(): void {}
}
