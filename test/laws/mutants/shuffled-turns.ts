import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { StrategyContext } from '../../../proxy/core/strategy.ts'
import { Broken, mutant } from './mutant.ts'

/** A random start and then in turn: each pick has the right chances, but none is drawn anew. */
class ShuffledTurns extends Broken {
  private at: number

  constructor(context: StrategyContext) {
    super(context)
    this.at = context.rng.float()
  }

  pick(): Endpoint {
    const { servers } = this
    const total = servers.reduce((sum, { weight }) => sum + weight, 0)
    let left = this.at * total
    this.at = (this.at + 0.381_966) % 1
    return servers.find((server) => (left -= server.weight) < 0) ?? servers[0]
  }
}

export const shuffledTurns = mutant(
  {
    name: 'turns that look random',
    caughtBy: 'independent',
    claims: ['independent'],
    promise: 'weight',
  },
  ShuffledTurns,
)
