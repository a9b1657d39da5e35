import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** The two candidates are always the first two of the list, as in Kong’s EWMA when its source was read. */
class FirstTwo extends Broken {
  pick(): Endpoint {
    const [first, second] = this.servers
    return second.inflight < first.inflight ? second : first
  }
}

export const firstTwo = mutant({ name: 'the first two', caughtBy: 'starvation' }, FirstTwo)
