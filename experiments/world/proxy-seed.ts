import { hash32 } from '../../proxy/core/hash.ts'
import { Rng } from '../../proxy/core/rng.ts'

const FNV_OFFSET = 0x811c9dc5
/** What undoes a multiplication by FNV's prime, and by the two of the mixer, modulo 2^32. */
const FNV_BACK = inverse(0x01000193)
const MIX_BACK = [inverse(0xc2b2ae35), inverse(0x85ebca6b)] as const

/**
 * The seed with which a real proxy throws the very dice that the simulator's proxy throws in a scenario of that seed: both fork their balancer's
 * stream by a name, and the hash that forks can be run backwards (each of its steps is a bijection of 32-bit integers).
 */
export function proxySeedOf(seed: number): number {
  const wanted = new Rng(seed).fork('proxy 0').seed
  const label = 'balancer'
  let hash = unmixed(wanted)
  for (let i = label.length - 1; i >= 0; i--) {
    hash = Math.imul(hash, FNV_BACK) ^ label.charCodeAt(i)
  }
  const found = (hash ^ FNV_OFFSET) >>> 0
  if (hash32(label, found) !== wanted) throw new Error(`no proxy throws the dice of seed ${seed}`)
  return found
}

/** `fmix32` backwards. */
function unmixed(hash: number): number {
  let back = hash ^ (hash >>> 16)
  back = Math.imul(back, MIX_BACK[0])
  back ^= (back >>> 13) ^ (back >>> 26)
  back = Math.imul(back, MIX_BACK[1])
  return back ^ (back >>> 16)
}

/** By Newton's iteration: each step doubles the number of bits that are right, beginning with three. */
function inverse(odd: number): number {
  let found = odd
  for (let i = 0; i < 4; i++) found = Math.imul(found, 2 - Math.imul(odd, found))
  return found
}
