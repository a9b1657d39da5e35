import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** One cursor for all balancers of a process: what one does changes what another picks. */
let cursor = 0

class Whimsical extends Broken {
  pick(): Endpoint {
    return this.servers[cursor++ % this.servers.length]
  }
}

export const whimsical = mutant({ name: 'a cursor for everybody', caughtBy: 'replay' }, Whimsical)
