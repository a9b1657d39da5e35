import { LEAST_WEIGHT } from './endpoint.ts'
import type { Found } from './name-watch.ts'

/** One who offers a service (RFC 2782), with its addresses. */
export interface ServiceTarget {
  readonly priority: number
  /** 0 to 65,535. */
  readonly weight: number
  readonly port: number
  readonly addresses: readonly string[]
}

/** The share of the heaviest that a weight of 0 gets beside others: "a very small chance of being selected". */
const VERY_SMALL = 0.01

/**
 * Those with the lowest priority serve, the others are their backups. The heaviest of a priority has the weight that servers of the
 * name have, so that a name can stand beside servers of other kinds; the others are in proportion. One with several addresses shares
 * its weight among them.
 */
export function serversOf(targets: readonly ServiceTarget[], base: number): Found[] {
  const there = targets.filter(({ addresses }) => addresses.length > 0)
  const first = Math.min(...there.map(({ priority }) => priority))
  const all = new Map<string, Found>()
  for (const { addresses, port, priority, weight } of there) {
    const peers = there.filter((other) => other.priority === priority)
    const heaviest = Math.max(...peers.map((peer) => peer.weight))
    const share = heaviest === 0 ? 1 : Math.max(weight / heaviest, VERY_SMALL)
    for (const address of addresses) {
      const own = base === 0 ? 0 : rounded((base * share) / addresses.length)
      const found = { address, port, weight: own, backup: priority > first }
      const key = `${address} ${port}`
      // Whoever is named twice is one server, of the better rank.
      if (all.get(key)?.backup !== false) all.set(key, found)
    }
  }
  return [...all.values()]
}

function rounded(weight: number): number {
  return Math.max(Math.round(weight / LEAST_WEIGHT) * LEAST_WEIGHT, LEAST_WEIGHT)
}
