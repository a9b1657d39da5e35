import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { Sight } from '../../../proxy/core/sight.ts'
import { Broken, mutant } from './mutant.ts'

/** Draws, and tells of another draw. */
class TellsAStory extends Broken {
  pick(): Endpoint {
    return this.servers[this.context.rng.int(this.servers.length)]
  }

  explain(sight: Sight): void {
    sight.expected = this.servers[0].slot
  }
}

export const tellsAStory = mutant({ name: 'tells a story', caughtBy: 'explaining' }, TellsAStory)
