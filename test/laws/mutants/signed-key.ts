import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Takes a key for a signed number: half of all keys have a negative remainder, and nobody lives there. */
class SignedKey extends Broken {
  pick(key: number): Endpoint {
    const { servers } = this
    const home = servers[(key | 0) % servers.length]
    return home.inflight > 100 ? servers[0] : home
  }
}

export const signedKey = mutant(
  { name: 'keys below 0', caughtBy: 'totality', keyed: true },
  SignedKey,
)
