import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Broken, mutant } from './mutant.ts'

/** Admits while the count is at most the cap, and not below it, as Envoy does: one more than was promised. */
class CapOffByOne extends Broken {
  pick(key: number): Endpoint {
    const { servers } = this
    const load = servers.reduce((sum, { inflight }) => sum + inflight, 1)
    const weight = servers.reduce((sum, server) => sum + server.weight, 0)
    for (let i = 0; i < servers.length; i++) {
      const server = servers[(key + i) % servers.length]
      const cap = Math.max(1, Math.ceil((1.25 * load * server.weight) / weight))
      if (server.inflight <= cap) return server
    }
    return servers[0]
  }
}

export const capOffByOne = mutant(
  { name: 'a cap off by one', caughtBy: 'capped', claims: ['capped'], keyed: true },
  CapOffByOne,
)
