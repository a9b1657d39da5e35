import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Round robin with a cursor of its own: perfect in one thread, and in two the first server gets two requests. */
class Alone extends Broken {
  private cursor = 0

  pick(): Endpoint {
    return this.servers[this.cursor++ % this.servers.length]
  }
}

export const alone = mutant(
  { name: 'a cursor a thread', caughtBy: 'threads', claims: ['turn'], promise: 'equal' },
  Alone,
)
