import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

const SCALE = 65_535

/** Static stride with `>` for `>=`: every server loses one turn in 65,535 generations. */
class StrideOffByOne extends Broken {
  private counter = 0

  pick(): Endpoint {
    const { servers } = this
    const most = Math.max(...servers.map((server) => server.weight))
    for (;;) {
      const count = this.counter++
      const i = count % servers.length
      const generation = Math.floor(count / servers.length)
      const weight = Math.round((SCALE * servers[i].weight) / most)
      if ((weight * generation + i * 32_767) % SCALE > SCALE - weight) return servers[i]
    }
  }
}

export const strideOffByOne = mutant(
  { name: 'a stride off by one', caughtBy: 'stride', claims: ['stride'], promise: 'weight' },
  StrideOffByOne,
)
