import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Draws the two by weight and compares them by weight again, so that weight acts twice (nginx; Finagle’s source works out the bias). */
class BiasedChoices extends Broken {
  pick(): Endpoint {
    const first = this.draw(undefined)
    const second = this.draw(first)
    return second.inflight * first.weight < first.inflight * second.weight ? second : first
  }

  private draw(except: Endpoint | undefined): Endpoint {
    const candidates = this.servers.filter((server) => server !== except)
    let at = this.context.rng.float() * candidates.reduce((sum, { weight }) => sum + weight, 0)
    return candidates.find((server) => (at -= server.weight) < 0) ?? candidates[0]
  }
}

export const biasedChoices = mutant(
  { name: 'choices drawn by weight', caughtBy: 'choices', claims: ['choices'] },
  BiasedChoices,
)
