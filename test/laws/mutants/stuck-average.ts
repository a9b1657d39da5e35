import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { StrategyContext } from '../../../proxy/core/strategy.ts'
import { Broken, mutant } from './mutant.ts'

/** Envoy’s peak EWMA extension: the average moves when an answer comes, and stands still while a server is idle. */
class StuckAverage extends Broken {
  private readonly average: Float64Array

  constructor(context: StrategyContext) {
    super(context)
    this.average = context.memory.floatPerSlot()
  }

  pick(): Endpoint {
    const { average, servers } = this
    const { rng } = this.context
    let best = servers[0]
    let tied = 1
    for (let i = 1; i < servers.length; i++) {
      const score = average[servers[i].slot] * (servers[i].inflight + 1)
      const least = average[best.slot] * (best.inflight + 1)
      if (score < least) [best, tied] = [servers[i], 1]
      else if (score === least && rng.int(++tied) === 0) best = servers[i]
    }
    return best
  }

  override settled(server: Endpoint, latency: number): void {
    this.average[server.slot] += 0.3 * (latency - this.average[server.slot])
  }
}

export const stuckAverage = mutant(
  { name: 'an average that stands still', caughtBy: 'forgives', claims: ['forgives'] },
  StuckAverage,
)
