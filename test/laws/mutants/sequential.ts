import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Weighted turns in blocks: c b a a a a a, as in nginx before 2012. */
class Sequential extends Broken {
  private index = 0
  private used = 0

  pick(): Endpoint {
    const { servers } = this
    if (this.index >= servers.length) this.index = 0
    // Weights are quarters here.
    if (this.used >= servers[this.index].weight * 4) {
      this.index = (this.index + 1) % servers.length
      this.used = 0
    }
    this.used++
    return servers[this.index]
  }
}

export const sequential = mutant(
  { name: 'turns in blocks', caughtBy: 'smooth', claims: ['smooth'], promise: 'weight' },
  Sequential,
)
