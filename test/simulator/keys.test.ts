import { expect, test } from 'vitest'
import { hash32 } from '../../proxy/core/hash.ts'
import { Rng } from '../../proxy/core/rng.ts'
import { createKeys, type Keys, type KeySpec } from '../../simulator/keys.ts'
import { chiSquare, chiSquareLimit } from '../../simulator/statistics/chi-square.ts'

const DRAWN: readonly KeySpec[] = [
  { type: 'uniform', count: 1 },
  { type: 'uniform', count: 37 },
  { type: 'zipf', count: 37, exponent: 1.1 },
  { type: 'zipf', count: 37, exponent: 0 },
  { type: 'zipf', count: 37, exponent: 1.1, hottest: 0.3 },
]

const ALL: readonly KeySpec[] = [...DRAWN, { type: 'trace', keys: ['b', 'a', 7, 'b', '7'] }]

function indices(spec: KeySpec, count: number, seed = 2026): number[] {
  const into = new Int32Array(count)
  createKeys(spec, new Rng(seed), 'keys').fillIndices(into)
  return [...into]
}

function hashes(keys: Keys, count: number): number[] {
  const into = new Int32Array(count)
  keys.fill(into)
  return [...into]
}

test.each([0.64, 1, 1.1])(
  'shares of 10,000 keys go down by the power %f of the rank',
  (exponent) => {
    const keys = createKeys({ type: 'zipf', count: 10_000, exponent }, new Rng(1))
    let total = 0
    for (let rank = 10_000; rank > 0; rank--) total += rank ** -exponent
    for (let i = 0; i < 10_000; i++) {
      // A share is a difference of two numbers up to 1.
      expect(Math.abs(keys.share(i) - (i + 1) ** -exponent / total)).toBeLessThan(2 ** -51)
    }
  },
)

test('a hot key has its share, and the others keep their proportions', () => {
  const keys = createKeys({ type: 'zipf', count: 10_000, exponent: 1.1, hottest: 0.3 }, new Rng(1))
  expect(keys.share(0)).toBeCloseTo(0.3, 14)
  for (const i of [2, 10, 100]) {
    expect(keys.share(i) / keys.share(1)).toBeCloseTo(((i + 1) / 2) ** -1.1, 10)
  }
  let total = 0
  for (let i = 0; i < keys.count; i++) total += keys.share(i)
  expect(total).toBeCloseTo(1, 12)
})

test.each(DRAWN)(
  '%o: 100,000 keys come as often as they should (seed 2026, one in a million)',
  (spec) => {
    const keys = createKeys(spec, new Rng(0))
    const counts = Array.from({ length: keys.count }, () => 0)
    for (const index of indices(spec, 100_000)) counts[index]++
    if (keys.count === 1) return
    const shares = counts.map((_, i) => keys.share(i))
    expect(chiSquare(counts, shares)).toBeLessThan(chiSquareLimit(keys.count))
  },
)

test.each(ALL)('%o: hashes are those of the texts, in the order of the indices', (spec) => {
  const keys = createKeys(spec, new Rng(4))
  for (let i = 0; i < keys.count; i++) expect(keys.hashes[i] >>> 0).toBe(hash32(keys.text(i)))
  expect(hashes(keys, 100)).toEqual(indices(spec, 100, 4).map((index) => keys.hashes[index]))
})

test.each(ALL)('%o: the n-th is the same in any portions', (spec) => {
  const keys = createKeys(spec, new Rng(4))
  const joined = [0, 1, 7, 92].flatMap((length) => {
    const into = new Int32Array(length)
    keys.fillIndices(into)
    return [...into]
  })
  expect(joined).toEqual(indices(spec, 100, 4))
})

test('a trace gives its keys in order and begins again; numbers are texts', () => {
  const spec: KeySpec = { type: 'trace', keys: ['b', 'a', 7, 'b', '7'] }
  expect(indices(spec, 7)).toEqual([0, 1, 2, 0, 2, 0, 1])
  const keys = createKeys(spec, new Rng(1))
  expect([0, 1, 2].map((i) => keys.text(i))).toEqual(['b', 'a', '7'])
  expect([0, 1, 2].map((i) => keys.share(i))).toEqual([0.4, 0.2, 0.4])
})

test.each<[object, string]>([
  [{ type: 'uniform', count: 0 }, 'keys.count must be a whole number from 1 to 10000000, got 0'],
  [
    { type: 'zipf', count: 1.5, exponent: 1 },
    'keys.count must be a whole number from 1 to 10000000, got 1.5',
  ],
  [{ type: 'zipf', count: 2, exponent: -1 }, 'keys.exponent must be at least 0, got -1'],
  [{ type: 'zipf', count: 2, exponent: 1, hottest: 2 }, 'keys.hottest must be from 0 to 1, got 2'],
  [
    { type: 'zipf', count: 1, exponent: 1, hottest: 1 },
    'keys.hottest needs keys.count to be at least 2, got 1',
  ],
  [{ type: 'trace', keys: [] }, 'keys.keys must be a list with at least one entry'],
  [
    { type: 'skeleton' },
    'keys.type must be one of uniform, zipf, trace, hashes, size, got skeleton',
  ],
])('%o: %s', (spec, message) => {
  expect(() => createKeys(spec as KeySpec, new Rng(1))).toThrow(new RangeError(message))
})

test('keys of which only the hashes are known keep them', () => {
  const hashes = Int32Array.of(7, -2, 7, 9)
  const keys = createKeys({ type: 'hashes', hashes }, new Rng(1))
  const drawn = new Int32Array(5)
  keys.fill(drawn)
  expect([...drawn]).toEqual([7, -2, 7, 9, 7])
  expect(keys.count).toBe(3)
  expect(keys.share(0)).toBe(0.5)
  expect(() => createKeys({ type: 'hashes', hashes: new Int32Array(0) }, new Rng(1))).toThrow(
    'keys.hashes must be an array of 32-bit integers with at least one entry',
  )
})
