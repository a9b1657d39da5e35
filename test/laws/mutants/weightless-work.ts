import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Forgets that a fast server has done the same work sooner. */
class WeightlessWork extends Broken {
  pick(): Endpoint {
    const { remainingWork } = this.context
    return this.servers.toSorted((a, b) => remainingWork!(a) - remainingWork!(b))[0]
  }
}

export const weightlessWork = mutant(
  { name: 'the least work, whatever the weight', caughtBy: 'least_work', claims: ['least_work'] },
  WeightlessWork,
)
