import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Begins the next round one too early: the last of the list loses every turn but those of rounds of two. */
class WrongWrap extends Broken {
  private cursor = 0

  pick(): Endpoint {
    const { servers } = this
    const round = Math.max(2, servers.length - 1)
    return servers[this.cursor++ % round]
  }
}

export const wrongWrap = mutant(
  { name: 'rounds that are too short', caughtBy: 'turn', claims: ['turn'], promise: 'equal' },
  WrongWrap,
)
