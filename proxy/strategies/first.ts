import type { Endpoint } from '../core/endpoint.ts'
import type { Strategy } from '../core/strategy.ts'
import { NO_TIES, type Sight, type Words } from '../core/sight.ts'

const WORDS: Words = {
  strategy: 'first',
  score: 'place in the list of those with room',
  best: 'lowest',
  ties: NO_TIES,
}

/**
 * Takes the first server of the list that has room, and the next only when it is full.
 *
 * Packs the load on as few servers as can carry it, so that the others can be switched off or given to somebody else: the
 * opposite of balance. HAProxy's `first` (Willy Tarreau, 2012), which goes by the lowest id; here it is the order of the configuration.
 * HAProxy has it from a talk with Steen Larsen and from "packing" in Anshul Gandhi and others, technical report CMU-CS-12-109,
 * Carnegie Mellon University, 2012, section 3.5.
 * It needs a limit of requests in flight (`max`) for each server: the first one without a limit gets everything.
 *
 * The balancer leaves out who is full, as it leaves out who is ill, so there is nothing left to decide.
 *
 * A pick costs nothing; but the first server is full, or has room again, at nearly every request, and each time the balancer
 * looks through all servers for who is eligible: some 10 µs of 1,000. No memory, and no regard for weights.
 */
export class First implements Strategy {
  readonly name = 'first'
  private servers: readonly Endpoint[] = []

  update(servers: readonly Endpoint[]): void {
    this.servers = servers
  }

  pick(): Endpoint {
    return this.servers[0]
  }

  explain(sight: Sight): void {
    const { servers } = this
    sight.words = WORDS
    sight.expected = servers[0].slot
    for (let i = 0; i < (sight.brief ? 1 : servers.length); i++) {
      sight.see(servers[i])
      sight.score[servers[i].slot] = i
    }
  }

  settled(): void {}
}
