import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { StrategyContext } from '../../../proxy/core/strategy.ts'
import { Broken, mutant } from './mutant.ts'

/** Keeps counts of its own and forgets the requests whose clients left: the classic leak. */
class LeakedCount extends Broken {
  private readonly counts: Int32Array

  constructor(context: StrategyContext) {
    super(context)
    this.counts = context.memory.intPerSlot()
  }

  pick(): Endpoint {
    const { counts, servers } = this
    const { rng } = this.context
    let best = servers[0]
    let tied = 1
    for (let i = 1; i < servers.length; i++) {
      const difference = counts[servers[i].slot] - counts[best.slot]
      if (difference < 0) [best, tied] = [servers[i], 1]
      else if (difference === 0 && rng.int(++tied) === 0) best = servers[i]
    }
    counts[best.slot]++
    return best
  }

  override settled(server: Endpoint, _latency: number, outcome: string): void {
    if (outcome !== 'aborted') this.counts[server.slot] = Math.max(0, this.counts[server.slot] - 1)
  }
}

export const leakedCount = mutant({ name: 'a count that leaks', caughtBy: 'recovery' }, LeakedCount)
