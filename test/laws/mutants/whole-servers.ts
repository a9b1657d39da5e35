import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { StrategyContext } from '../../../proxy/core/strategy.ts'
import type { Fleet } from '../law.ts'
import { Broken, mutant } from './mutant.ts'

/** A subset that begins where the ring says, and ends at a whole server: those where many begin get more than others. */
class WholeServers extends Broken {
  private readonly part: readonly [client: number, clients: number, size: number]
  private next = 0

  constructor(context: StrategyContext, ...part: [number?, number?, number?]) {
    super(context)
    const [client = 0, clients = 1, size = 2] = part
    this.part = [client, clients, size]
  }

  pick(): Endpoint {
    const { servers } = this
    const [client, clients, size] = this.part
    const begin = Math.floor((client * servers.length) / clients)
    return servers[(begin + (this.next++ % size)) % servers.length]
  }
}

const fleet: Fleet = (...part) => ({
  promise: 'adaptive',
  create: (context) => new WholeServers(context, ...part),
})

export const wholeServers = mutant(
  { name: 'subsets of whole servers', caughtBy: 'covers', fleet },
  WholeServers,
)
