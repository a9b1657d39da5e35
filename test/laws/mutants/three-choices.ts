import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Counts to two from 0, and looks at three: the best gets 3/n of all requests instead of 2/n. */
class ThreeChoices extends Broken {
  pick(): Endpoint {
    const left = this.servers.slice()
    let best: Endpoint | undefined
    for (let look = 0; look <= 2 && left.length > 0; look++) {
      const [server] = left.splice(this.context.rng.int(left.length), 1)
      if (best === undefined || server.inflight * best.weight < best.inflight * server.weight)
        best = server
    }
    return best!
  }
}

export const threeChoices = mutant(
  {
    name: 'three choices instead of two',
    caughtBy: 'choices',
    claims: ['choices'],
    draws: { d: 2, again: false },
  },
  ThreeChoices,
)
