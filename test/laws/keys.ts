import { fmix32 } from '../../proxy/core/hash.ts'

/** A key for the i-th request: all different, and spread like hashes. */
export function keyAt(i: number): number {
  return fmix32(i + 1)
}
