import type { Endpoint } from './endpoint.ts'
import { hash32 } from './hash.ts'

/**
 * The second hash of an id. Among a thousand servers two have the same 32-bit hash once in some ten thousand pools; one of
 * them would then get nothing. With a second one that is once in 10^13.
 */
const SECOND = 0x5bd1e995

/** What keyed strategies know a server by: two hashes of its id, and of nothing else. */
export function serverHash(id: string): [first: number, second: number] {
  return [hash32(id) | 0, hash32(id, SECOND) | 0]
}

/**
 * By id, in the order of its characters, which is the same everywhere: what a strategy that follows keys does must not
 * depend on the order in which servers were discovered.
 */
export function byId(servers: readonly Endpoint[]): Endpoint[] {
  return servers.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
