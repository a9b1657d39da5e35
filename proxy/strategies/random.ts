import type { Endpoint } from '../core/endpoint.ts'
import { GRAIN, type Rng } from '../core/rng.ts'
import type { Strategy, StrategyContext } from '../core/strategy.ts'
import type { Sight, Words } from '../core/sight.ts'
import { DRAWN } from '../core/sight.ts'

const WORDS: Words = {
  strategy: 'random',
  score: 'its chance: its part of all weights',
  best: 'drawn',
  ties: 'the dice say who',
  facts: ['cell drawn', 'point in the cell', 'where in the cell its alias begins'],
}

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

  explain(sight: Sight): void {
    const { alias, keep, rng, servers } = this
    const dice = rng.ahead()
    const cell = dice.int(servers.length)
    const point = dice.int(GRAIN)
    const drawn = point < keep[cell] * GRAIN ? servers[cell] : servers[alias[cell]]
    let total = 0
    for (let i = 0; i < servers.length; i++) total += servers[i].weight
    sight.words = WORDS
    sight.facts[0] = cell
    sight.facts[1] = point / GRAIN
    sight.facts[2] = keep[cell]
    sight.expected = drawn.slot
    for (let i = 0; !sight.brief && i < servers.length; i++) {
      sight.see(servers[i])
      sight.score[servers[i].slot] = servers[i].weight / total
    }
    sight.see(drawn, DRAWN)
    sight.score[drawn.slot] = drawn.weight / total
  }

  settled(): void {}
}
