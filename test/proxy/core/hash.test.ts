import { expect, test } from 'vitest'
import { fmix32, hash32, mix32 } from '../../../proxy/core/hash.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'

test('fmix32 gives the published values of MurmurHash3', () => {
  // MurmurHash3_x86_32 of the empty text is the mixed seed: its usual test vectors for the seeds 0, 1 and 2^32 - 1.
  expect(fmix32(0)).toBe(0)
  expect(fmix32(1)).toBe(0x514e28b7)
  expect(fmix32(0xffffffff)).toBe(0x81f16f39)
  expect(fmix32(-1)).toBe(0x81f16f39)
})

test('fmix32 loses nothing: different integers stay different', () => {
  const seen = new Set<number>()
  for (let i = 0; i < 100_000; i++) seen.add(fmix32(i))
  expect(seen.size).toBe(100_000)
})

test('mix32 gives the same bits, signed', () => {
  for (const hash of [0, 1, -1, 2, 0x7fffffff, 0x80000000]) {
    expect(mix32(hash)).toBe(fmix32(hash) | 0)
  }
  expect(mix32(-1)).toBeLessThan(0)
})

test('hash32 is FNV-1a, mixed', () => {
  // Published FNV-1a values: '' 811c9dc5, 'a' e40c292c, 'foobar' bf9cf968.
  expect(hash32('')).toBe(fmix32(0x811c9dc5))
  expect(hash32('a')).toBe(fmix32(0xe40c292c))
  expect(hash32('foobar')).toBe(fmix32(0xbf9cf968))
})

test('a hash is a 32-bit unsigned integer, and a seed gives another one', () => {
  for (const text of ['', 'a', 'a longer text', 'ü€😀']) {
    const hash = hash32(text)
    expect(hash).toBe(hash >>> 0)
    expect(hash32(text, 1)).not.toBe(hash)
  }
})

test('short keys are evenly spread over high and low digits (keys 10.0.x.y, one false alarm in a million)', () => {
  const high = Array.from({ length: 64 }, () => 0)
  const low = Array.from({ length: 64 }, () => 0)
  for (let i = 0; i < 10_000; i++) {
    const hash = hash32(`10.0.${i >> 8}.${i & 255}`)
    high[hash >>> 26]++
    low[hash & 63]++
  }
  expect(chiSquare(high)).toBeLessThan(chiSquareLimit(64))
  expect(chiSquare(low)).toBeLessThan(chiSquareLimit(64))
})
