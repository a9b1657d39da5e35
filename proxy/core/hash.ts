/**
 * The final mixer of MurmurHash3 (Austin Appleby, 2011, public domain): every input bit changes every output bit with a
 * probability of about one half. Takes and gives 32-bit integers.
 */
export function fmix32(hash: number): number {
  return mix32(hash) >>> 0
}

/** `fmix32` as an integer from -2^31 to 2^31 - 1: of a size that the engine never boxes, so that hot paths can use it. */
export function mix32(hash: number): number {
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/**
 * A 32-bit hash of a text: FNV-1a (Fowler, Noll, Vo, 1991) over its UTF-16 units, then `fmix32`, because the high bits of
 * plain FNV-1a mix badly for short keys.
 */
export function hash32(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) | 0
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return fmix32(hash)
}
