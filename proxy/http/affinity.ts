import { hash32 } from '../core/hash.ts'
import type { KeySource } from '../settings.ts'
import type { Downstream } from './downstream.ts'
import { clientOf, requestKey } from './request-key.ts'

/** Says which requests belong together: a 32-bit key, the same for the same client address, field, parameter or cookie. */
export type Affinity = (request: Downstream) => number

/** A request that does not say what it is told apart by falls back to its client's address. */
export function affinityBy(source: KeySource, trusts: (address: string) => boolean): Affinity {
  const keyOf = requestKey(source, trusts)
  return (request) => hash32(keyOf(request) ?? clientOf(request, trusts))
}
