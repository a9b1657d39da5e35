/** Digits of 11 bits: three cover 32 bits, and what is counted of them stays in the first cache. */
const BITS = 11
const DIGITS = 1 << BITS

/**
 * The order that sorts 32-bit integers: where the least is, where the next, and so on. Equal ones stay in the order in
 * which they are given.
 *
 * A radix sort, least digit first (Harold Seward, 1954; Knuth, "The Art of Computer Programming", vol. 3, 5.2.5): three
 * passes over the numbers, without a comparison.
 */
export function sortedOrder(values: Int32Array): Int32Array {
  const n = values.length
  let order = new Int32Array(n)
  let next = new Int32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  for (let shift = 0; shift < 32; shift += BITS) {
    const start = new Int32Array(DIGITS + 1)
    for (let i = 0; i < n; i++) start[digitOf(values[i], shift) + 1]++
    for (let digit = 0; digit < DIGITS; digit++) start[digit + 1] += start[digit]
    for (let i = 0; i < n; i++) next[start[digitOf(values[order[i]], shift)]++] = order[i]
    const last = order
    order = next
    next = last
  }
  return order
}

/** The sign counts as a digit too, turned round: negative ones come first. */
function digitOf(value: number, shift: number): number {
  return ((value ^ 0x80000000) >>> shift) & (DIGITS - 1)
}
