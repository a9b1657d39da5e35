import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyCache } from '../../simulator/key-cache.ts'

test('keeps those asked for last, and forgets whoever was not asked for longest', () => {
  const cache = new KeyCache(2)
  expect([1, 2, 1, 3, 1, 2].map((key) => cache.ask(key))).toEqual([
    false,
    false,
    true, // 2 is now the one not asked for longest,
    false, // and makes room for 3.
    true,
    false,
  ])
  expect([cache.hits, cache.misses]).toEqual([2, 4])
})

test('has nothing after it was cleared, but goes on counting', () => {
  const cache = new KeyCache(2)
  cache.ask(1)
  cache.ask(1)
  cache.clear()
  expect(cache.ask(1)).toBe(false)
  expect([cache.hits, cache.misses]).toEqual([1, 2])
})

test('hits exactly if fewer different keys than it holds were asked for since', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6)), fc.integer({ min: 1, max: 5 }), (keys, entries) => {
      const cache = new KeyCache(entries)
      keys.forEach((key, i) => {
        const before = keys.lastIndexOf(key, i - 1)
        const seen = i > 0 && before >= 0
        const between = new Set(keys.slice(before + 1, i))
        expect(cache.ask(key)).toBe(seen && between.size < entries)
      })
    }),
    { numRuns: 200, seed: 1 },
  )
})
