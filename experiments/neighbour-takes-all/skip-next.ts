import type { Endpoint } from '../../proxy/core/endpoint.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'

/**
 * Round robin over all servers there are, which takes the next one where one is not well. It looks right, and gives the whole share of
 * the one that is missing to its neighbour.
 */
class SkipNext implements Strategy {
  readonly name = 'skip_next'
  /** All that were ever well, in the order of the list. */
  private all: readonly Endpoint[] = []
  private well: ReadonlySet<Endpoint> = new Set()
  private turn = 0

  update(servers: readonly Endpoint[]): void {
    this.well = new Set(servers)
    if (servers.length > this.all.length) this.all = servers
  }

  pick(): Endpoint {
    const { all, well } = this
    let next = all[this.turn % all.length]
    for (let step = 1; !well.has(next); step++) next = all[(this.turn + step) % all.length]
    this.turn++
    return next
  }

  settled(): void {}
}

export const skipNext: StrategyFactory = { promise: 'equal', create: () => new SkipNext() }
