import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { StaticStride } from '../../../proxy/strategies/static-stride.ts'
import { draw, ScriptedRng } from '../../support/scripted-rng.ts'
import { ints, picks, Pool } from './pool.ts'

const MOST = 65_535
const TURNING = 2 ** 30

/** Within the clips: the heaviest at most 10 times, the lightest at least 1/100 of the mean. */
const mild = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 9 })
/** Anything that is allowed. */
const wild = fc.array(
  fc.double({ min: -3, max: 6, noNaN: true }).map((exponent) => 10 ** exponent),
  { minLength: 2, maxLength: 9 },
)

/** A strategy whose count begins at `step`, and the pool it is for. */
function begin(weights: readonly number[], step = 0): { pool: Pool; strategy: StaticStride } {
  const pool = new Pool(weights)
  const strategy = pool.use(StaticStride)
  ints(strategy, 'counter')[0] = step - 1
  return { pool, strategy }
}

function scaled(weights: readonly number[]): number[] {
  return [...ints(begin(weights).strategy, 'weights')]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** What the definition says, with integers of any size: places in the list. */
function byDefinition(weights: readonly number[], from: number, count: number): number[] {
  const picked: number[] = []
  for (let step = from; picked.length < count; step++) {
    const i = step % weights.length
    const round = BigInt((step - i) / weights.length)
    const place = Number((BigInt(weights[i]) * round + BigInt(i) * 32_767n) % 65_535n)
    if (place >= MOST - weights[i]) picked.push(i)
  }
  return picked
}

function slots(strategy: StaticStride, count: number): number[] {
  return picks(strategy, count).map((server) => server.slot)
}

test('the heaviest is in every round, those of half its weight take turns in it', () => {
  // Half of 65535 is rounded up, so that both have a place in the very first round.
  const { strategy } = begin([2, 1, 1])
  expect(
    picks(strategy, 16)
      .map((server) => server.id)
      .join(''),
  ).toBe('abcacabacabacaba')
})

test('the picks are those of the definition, computed with integers of any size', () => {
  // Counts at which weight × round would overflow, were the round not reduced first.
  const from = fc.integer({ min: 1, max: TURNING - 10_000 })
  fc.assert(
    fc.property(wild, from, (weights, from) => {
      const { strategy } = begin(weights, from)
      expect(slots(strategy, 60)).toEqual(byDefinition(scaled(weights), from, 60))
    }),
  )
})

describe('shares', () => {
  test('over whole rounds nobody is a whole pick away from rounds × weight / 65535', () => {
    const rounds = fc.integer({ min: 1, max: 400 })
    fc.assert(
      fc.property(wild, rounds, fc.nat(1_000_000), (weights, rounds, before) => {
        const n = weights.length
        const { pool, strategy } = begin(weights, before * n)
        const counts = pool.servers.map(() => 0)
        const counter = ints(strategy, 'counter')
        for (;;) {
          const { slot } = strategy.pick()
          if (counter[0] >= (before + rounds) * n) break // This one belongs to the next round.
          counts[slot]++
        }
        scaled(weights).forEach((weight, i) => {
          expect(Math.abs(counts[i] - (rounds * weight) / MOST)).toBeLessThan(1)
        })
      }),
    )
  })

  test('in as many picks as the scaled weights add up to, everybody has exactly its own, from wherever', () => {
    fc.assert(
      fc.property(mild, fc.nat(TURNING - 1), (weights, from) => {
        const scale = scaled(weights)
        const { strategy } = begin(weights, from + 1)
        const counts = weights.map(() => 0)
        for (let left = sum(scale); left > 0; left--) counts[strategy.pick().slot]++
        expect(counts).toEqual(scale)
      }),
      { numRuns: 12 },
    )
  })

  test('the scaled weights are in proportion, to half a part in 65535 of the heaviest', () => {
    fc.assert(
      fc.property(mild, (weights) => {
        const heaviest = Math.max(...weights)
        fc.pre(heaviest <= (10 * sum(weights)) / weights.length)
        scaled(weights).forEach((weight, i) => {
          expect(Math.abs(weight - (weights[i] / heaviest) * MOST)).toBeLessThanOrEqual(0.5)
        })
      }),
    )
  })

  test('equal weights are round robin in list order', () => {
    const { strategy } = begin([3, 3, 3, 3])
    expect(slots(strategy, 12)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
  })

  test('neighbours of equal weight do not sit out the same round: that is what the phase is for', () => {
    // Weights 5, 4, 4, 4, 4: without phases the four would all be missing from the same rounds.
    const { strategy } = begin([5, 4, 4, 4, 4], 5000)
    const picked = slots(strategy, 400)
    let longest = 0
    let inRow = 0
    for (const slot of picked) {
      inRow = slot === 0 ? inRow + 1 : 0
      longest = Math.max(longest, inRow)
    }
    expect(longest).toBe(1)
  })
})

describe('weights far from the others are clipped as in gRPC', () => {
  test('at ten times the mean', () => {
    const weights = [1000, ...Array.from({ length: 19 }, () => 1)] // The mean is 50.95.
    const [first, second] = scaled(weights)
    expect(first).toBe(MOST)
    expect(second).toBe(Math.round(MOST / 509.5))
  })

  test('at a hundredth of it', () => {
    // The mean, 2/3 of the heaviest, is 43,690 of 65,535; a hundredth of that is 437.
    expect(scaled([1000, 1000, 0.001])).toEqual([MOST, MOST, 437])
  })

  test('and whatever they are, every server is picked, and somebody in every round', () => {
    fc.assert(
      fc.property(wild, (weights) => {
        const scale = scaled(weights)
        expect(Math.max(...scale)).toBe(MOST)
        expect(Math.min(...scale)).toBeGreaterThanOrEqual(1)
      }),
    )
    expect(new Set(slots(begin([1e6, 0.001]).strategy, 500)).size).toBe(2)
  })
})

describe('the count', () => {
  test('begins at random', () => {
    const at = (start: number): string =>
      new Pool([1, 1, 1]).use(StaticStride, new ScriptedRng(draw(start, TURNING - 1))).pick().id
    expect([at(0), at(1), at(2), at(3)]).toEqual(['c', 'a', 'b', 'c'])
  })

  test('goes on when servers change, and draws no dice again', () => {
    const pool = new Pool([1, 1, 1])
    const rng = new ScriptedRng(draw(4, TURNING - 1), 0, 0)
    const strategy = pool.use(StaticStride, rng)
    picks(strategy, 10)
    strategy.update(pool.servers.slice(1))
    expect(ints(strategy, 'counter')[0]).toBe(15)
  })

  test('is set back by whole periods, so that nobody notices: the picks go on as by definition', () => {
    fc.assert(
      fc.property(mild, fc.nat(300), (weights, before) => {
        const { strategy } = begin(weights, TURNING - before)
        const expected = byDefinition(scaled(weights), TURNING - before, 400)
        expect(slots(strategy, 400)).toEqual(expected)
        expect(ints(strategy, 'counter')[0]).toBeLessThan(TURNING)
      }),
    )
  })

  test('of more servers than fit into a period runs over without harm', () => {
    const n = 16_385 // 65,535 rounds of them are more than 2^30 steps.
    const pool = new Pool([1, 1])
    const strategy = pool.use(StaticStride)
    strategy.update(Array.from({ length: n }, (_, i) => pool.servers[i % 2]))
    const counter = ints(strategy, 'counter')
    counter[0] = 2 ** 31 - 2
    expect(picks(strategy, 4).every((server) => server !== undefined)).toBe(true)
    expect(counter[0] >>> 0).toBe(2 ** 31 + 2)
    counter[0] = -2
    expect(picks(strategy, 4).every((server) => server !== undefined)).toBe(true)
    expect(counter[0]).toBe(2)
  })

  test('is one for all threads: together their shares are exact', () => {
    const weights = [5, 3, 2]
    const buffer = new SharedArrayBuffer(64 * 1024)
    const threads = [0, 1, 2].map((thread) => {
      const pool = new Pool(weights)
      const memory = new Memory(64, { buffer, thread, threads: 3 })
      const strategy = new StaticStride({ ...pool.context(new Rng(thread)), memory })
      strategy.update(pool.servers)
      return strategy
    })
    const total = sum(scaled(weights))
    const counts = weights.map(() => 0)
    for (let t = 0; t < total; t++) counts[threads[(t * 7) % 3].pick().slot]++
    expect(counts).toEqual(scaled(weights))
  })
})
