import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GRAIN } from '../../proxy/core/rng.ts'
import { EnumeratedRng, TooManyDice } from './enumerated-rng.ts'

/** What comes out of all outcomes, and how likely each is. */
function walk<T>(rng: EnumeratedRng, throwDice: () => T): Map<T, number> {
  const chances = new Map<T, number>()
  do {
    const result = throwDice()
    chances.set(result, (chances.get(result) ?? 0) + rng.probability)
  } while (rng.advance())
  return chances
}

test('two dice have 36 outcomes, and 7 is the likeliest sum', () => {
  const rng = new EnumeratedRng(1)
  const sums = walk(rng, () => rng.int(6) + rng.int(6) + 2)
  expect(sums.size).toBe(11)
  expect(sums.get(7)).toBeCloseTo(1 / 6, 12)
  expect(sums.get(2)).toBeCloseTo(1 / 36, 12)
})

test('how many dice there are may depend on what the first shows', () => {
  const rng = new EnumeratedRng(1)
  const chances = walk(rng, () => (rng.int(2) === 0 ? 'stop' : `go ${rng.int(4)}`))
  expect([...chances]).toEqual([['stop', 0.5], ...[0, 1, 2, 3].map((n) => [`go ${n}`, 0.125])])
})

describe('a threshold that is a multiple of the grid is met exactly', () => {
  const cases = fc
    .integer({ min: 1, max: 50 })
    .chain((grid) => fc.tuple(fc.nat(grid), fc.constant(grid)))
  const draws: Record<string, (rng: EnumeratedRng) => number> = {
    float: (rng) => rng.float(),
    'int(GRAIN)': (rng) => rng.int(GRAIN) / GRAIN,
    next: (rng) => rng.next() / 2 ** 32,
  }
  test.each(Object.entries(draws))('by %s', (_, draw) => {
    fc.assert(
      fc.property(cases, ([cells, grid]) => {
        const rng = new EnumeratedRng(grid)
        const chances = walk(rng, () => draw(rng) < cells / grid)
        expect(chances.get(true) ?? 0).toBeCloseTo(cells / grid, 12)
      }),
    )
  })
})

test('who throws again and again is stopped', () => {
  const rng = new EnumeratedRng(1)
  expect(() => {
    while (rng.int(2) === 0);
  }).toThrow(TooManyDice)
})

test('a fork is the same dice: what a strategy forks is enumerated too', () => {
  const rng = new EnumeratedRng(1)
  expect(walk(rng, () => rng.fork().int(3)).size).toBe(3)
})
