import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Asking who would be next moves the turn on, so a dashboard that shows it takes turns away. */
class Shy extends Broken {
  private cursor = 0

  get next(): Endpoint | undefined {
    return this.servers[this.cursor++ % this.servers.length]
  }

  pick(): Endpoint {
    return this.next!
  }
}

export const shy = mutant({ name: 'a look that takes a turn', caughtBy: 'peeking' }, Shy)
