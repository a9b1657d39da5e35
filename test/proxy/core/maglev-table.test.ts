import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maglevTable, type Preference } from '../../../proxy/core/maglev-table.ts'
import { Rng } from '../../../proxy/core/rng.ts'

/** Somebody's preferences, by chance. */
function preferences(size: number, weights: readonly number[], seed = 1): Preference[] {
  const rng = new Rng(seed)
  return weights.map((weight) => ({ offset: rng.int(size), skip: 1 + rng.int(size - 1), weight }))
}

function countsOf(table: Int32Array, n: number): number[] {
  const counts = Array.from({ length: n }, () => 0)
  for (const server of table) counts[server]++ // An empty slot, -1, would be counted nowhere.
  return counts
}

describe('table 1 of the paper', () => {
  const [b0, b1, b2] = [
    { offset: 3, skip: 4, weight: 1 },
    { offset: 0, skip: 2, weight: 1 },
    { offset: 3, skip: 1, weight: 1 },
  ]

  test('before', () => {
    expect([...maglevTable(7, [b0, b1, b2])]).toEqual([1, 0, 1, 0, 2, 2, 0])
  })

  test('after B1 is gone', () => {
    expect([...maglevTable(7, [b0, b2])].map((i) => [0, 2][i])).toEqual([0, 0, 0, 0, 2, 2, 2])
  })

  test('after B2 is gone', () => {
    expect([...maglevTable(7, [b0, b1])]).toEqual([1, 0, 1, 0, 0, 0, 1])
  })
})

const size = fc.constantFrom(7, 101, 1009)
const seed = fc.nat()

test('with equal weights every slot is taken, and the counts are the quotient rounded down or up', () => {
  const count = fc.integer({ min: 1, max: 120 })
  fc.assert(
    fc.property(size, count, seed, (size, n, seed) => {
      const servers = preferences(
        size,
        Array.from({ length: n }, () => 3),
        seed,
      )
      const counts = countsOf(maglevTable(size, servers), n)
      expect(counts.reduce((sum, each) => sum + each)).toBe(size)
      const few = new Set(counts).difference(new Set([Math.floor(size / n), Math.ceil(size / n)]))
      expect([...few]).toEqual([])
    }),
  )
})

test('with weights the heaviest has a slot a round, and the others their share of it or one more', () => {
  const weights = fc.array(fc.constantFrom(0.001, 0.5, 1, 1.5, 2, 7, 1e6), {
    minLength: 1,
    maxLength: 7,
  })
  fc.assert(
    fc.property(size, weights, seed, (size, unsorted, seed) => {
      const weights = unsorted.toSorted((a, b) => b - a) // The heaviest opens each round, so its slots count them.
      const table = maglevTable(size, preferences(size, weights, seed))
      const counts = countsOf(table, weights.length)
      expect(counts.reduce((sum, each) => sum + each)).toBe(size)
      const [most] = weights
      const [rounds] = counts // The last of them may have been cut short.
      counts.forEach((count, i) => {
        expect(count).toBeGreaterThanOrEqual(((rounds - 1) * weights[i]) / most)
        expect(count).toBeLessThanOrEqual((rounds * weights[i]) / most + 1)
      })
    }),
  )
})

test('a light one has its turn in the rounds where Envoy gives it one', () => {
  // Slots in order, 0 1 2 … for both: the table shows the turns. A third of the weight: rounds 1, 3, 6.
  const inOrder = { offset: 0, skip: 1 }
  const table = maglevTable(11, [
    { ...inOrder, weight: 3 },
    { ...inOrder, weight: 1 },
  ])
  expect([...table].join(' ')).toBe('0 1 0 0 1 0 0 0 1 0 0')
})

test('a table of 65,537 slots for 1,000 servers is made in less than 50 ms', () => {
  const times = [1, 1, 1, 1, 1, 1, 1].map((_, trial) => {
    const weights = Array.from({ length: 1000 }, (_, i) => 1 + (i % 7))
    const servers = preferences(65_537, weights, trial)
    const start = performance.now()
    maglevTable(65_537, servers)
    return performance.now() - start
  })
  expect(Math.min(...times)).toBeLessThan(50)
})
