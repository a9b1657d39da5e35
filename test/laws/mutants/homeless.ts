import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Keeps the cap, by least connections: the key is not asked until two are as busy, and then only for where to begin. */
class Homeless extends Broken {
  pick(key: number): Endpoint {
    const { servers } = this
    const at = (i: number): Endpoint => servers[(key + i) % servers.length]
    let best = at(0)
    for (let i = 1; i < servers.length; i++) {
      if (at(i).inflight * best.weight < best.inflight * at(i).weight) best = at(i)
    }
    return best
  }
}

export const homeless = mutant(
  { name: 'a cap without a home', caughtBy: 'home', claims: ['capped'], keyed: true },
  Homeless,
)
