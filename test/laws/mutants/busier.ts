import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Draws two and takes the wrong one: a comparison the other way round. It still looks fair while nothing is in flight. */
class Busier extends Broken {
  pick(): Endpoint {
    const { servers } = this
    const { rng } = this.context
    const a = rng.int(servers.length)
    let b = rng.int(servers.length - 1)
    if (b >= a) b++
    const [first, second] = [servers[a], servers[b]]
    return second.inflight * first.weight > first.inflight * second.weight ? second : first
  }
}

export const busier = mutant(
  { name: 'the busier of two', caughtBy: 'choices', claims: ['choices'] },
  Busier,
)
