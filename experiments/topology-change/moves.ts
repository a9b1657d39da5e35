import { Balancer } from '../../proxy/core/balancer.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { mix32 } from '../../proxy/core/hash.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'

const KEYS = 100_000

export interface Moves {
  /** Keys that have another server after an eleventh has joined ten, as a share of all. */
  readonly moved: number
  /** Those that went from one of the ten to another of the ten. */
  readonly among: number
  /** Keys that have another server than at first when it has left again. */
  readonly lost: number
}

/** Asks the proxy's own balancer for 100,000 keys, before, during and after. */
export function moves(strategy: StrategyFactory): Moves {
  const balancer = new Balancer({ clock: new Clock(), rng: new Rng(1), strategy })
  for (let i = 1; i <= 10; i++) balancer.add(new Endpoint(`s${i}`, {}))
  const before = serversOf(balancer)
  const newcomer = new Endpoint('new', {})
  balancer.add(newcomer)
  const during = serversOf(balancer)
  balancer.remove(newcomer)
  const after = serversOf(balancer)
  let moved = 0
  let among = 0
  let lost = 0
  for (let i = 0; i < KEYS; i++) {
    if (during[i] !== before[i]) {
      moved++
      if (during[i] !== newcomer) among++
    }
    if (after[i] !== before[i]) lost++
  }
  return { moved: moved / KEYS, among: among / KEYS, lost: lost / KEYS }
}

function serversOf(balancer: Balancer): Endpoint[] {
  return Array.from({ length: KEYS }, (_, i) => {
    const server = balancer.acquire(mix32(i), 0)!
    balancer.release(server, 1, 'ok')
    return server
  })
}
