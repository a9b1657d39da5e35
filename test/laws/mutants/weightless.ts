import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Promises shares by weight and draws evenly: the weights were read from the wrong place, and all are 1. */
class Weightless extends Broken {
  pick(): Endpoint {
    return this.servers[this.context.rng.int(this.servers.length)]
  }
}

export const weightless = mutant(
  { name: 'no weights', caughtBy: 'promise', promise: 'weight' },
  Weightless,
)
