import type { Clock } from '../../proxy/core/clock.ts'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { GRAIN, type Rng } from '../../proxy/core/rng.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../proxy/core/strategy.ts'

/**
 * Takes old news for what they are: between two looks at the loads it gives each server so many of the requests to come that all would
 * be equally busy at the end. Few requests are to come: nearly all go to the least busy, as with least connections. Many: nearly as
 * many go to each, as at random. Dahlin, "Interpreting Stale Load Information", IEEE TPDS 11(10), 2000, Basic LI.
 *
 * How many come is what came between the two looks before.
 */
class Interpreted implements Strategy {
  readonly name = 'interpreted'
  private readonly clock: Clock
  private readonly inflights: Int32Array
  private readonly rng: Rng
  private readonly every: number
  private servers: readonly Endpoint[] = []
  /** Which look this is, and how many picks were made since. */
  private look = -1
  private picks = 0
  /** What is poured, by place in the list: sums up to each. */
  private readonly sums: number[] = []

  constructor({ clock, inflights, rng }: StrategyContext, every: number) {
    this.clock = clock
    this.inflights = inflights
    this.rng = rng
    this.every = every
  }

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
    this.look = -1
  }

  pick(): Endpoint {
    const { servers, sums } = this
    const look = Math.floor(this.clock.now / this.every)
    if (look !== this.look) this.pour(look)
    this.picks++
    const point = (this.rng.int(GRAIN) / GRAIN) * sums[servers.length - 1]
    let i = 0
    while (sums[i] <= point) i++
    return servers[i]
  }

  settled(): void {}

  /** Fills the servers up to one level with the requests to come, as water fills unequal vessels. */
  private pour(look: number): void {
    const { inflights, servers, sums } = this
    const water = Math.max(1, this.picks)
    const loads = servers.map(({ slot }) => inflights[slot])
    let level = Infinity
    let sum = 0
    loads
      .toSorted((a, b) => a - b)
      .forEach((load, i) => {
        // As long as the next one would get wet.
        if (load < level) level = ((sum += load) + water) / (i + 1)
      })
    let poured = 0
    loads.forEach((load, i) => (sums[i] = poured += Math.max(0, level - load)))
    this.look = look
    this.picks = 0
  }
}

/** `every`: how many milliseconds there are between looks. */
export function interpreted(every: number): StrategyFactory {
  return { promise: 'adaptive', create: (context) => new Interpreted(context, every) }
}
