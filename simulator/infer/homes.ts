import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import type { ServerSpec } from '../scenario.ts'

/** A pool, and how it is chosen from. */
export interface Pool {
  readonly strategy: StrategyFactory
  readonly servers: readonly ServerSpec[]
}

/** More of them tell no more. */
const MOST_KEYS = 100_000

/** The different keys of a log, in order of appearance. */
export function keysOf(keys: Int32Array): number[] {
  const different = new Set<number>()
  for (const key of keys) {
    different.add(key)
    if (different.size >= MOST_KEYS) break
  }
  return [...different]
}

/** Which of the keys would have another server: a share; undefined unless both go by keys. Nobody is busy, so nobody's load moves a key. */
export function movedShare(keys: readonly number[], now: Pool, then: Pool): number | undefined {
  if (now.strategy.keyed !== true || then.strategy.keyed !== true) return undefined
  const [before, after] = [homes(keys, now), homes(keys, then)]
  return before.filter((id, i) => id !== after[i]).length / keys.length
}

function homes(keys: readonly number[], { servers, strategy }: Pool): (string | undefined)[] {
  const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
  for (const server of servers) balancer.add(new Endpoint(server.id!, server))
  return keys.map((key) => {
    const server = balancer.acquire(key, 0)
    if (server !== undefined) balancer.release(server, 1, 'ok')
    return server?.id
  })
}
