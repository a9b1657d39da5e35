import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ValuesOf } from '../../../proxy/core/options.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { LeastConnections } from '../../../proxy/strategies/least-connections.ts'
import { type POWER_OF_TWO_OPTIONS, PowerOfTwo } from '../../../proxy/strategies/power-of-two.ts'
import { draw, ScriptedRng } from '../../support/scripted-rng.ts'
import { ints, Pool, tally } from './pool.ts'

type Values = ValuesOf<typeof POWER_OF_TWO_OPTIONS>

const DEFAULT: Values = { choices: 2, replacement: false, draw: 'uniform' }

interface Case {
  /** Who is looked at, in order. */
  drawn: number[]
  picked: number
}

/** What is picked for each outcome of the dice, all equally likely, where all servers are as likely to be looked at. */
function outcomes(pool: Pool, { choices, replacement }: Values = DEFAULT): Case[] {
  const n = pool.servers.length
  const looks = replacement ? choices : Math.min(choices, n)
  const values: Values = { choices, replacement, draw: 'uniform' }
  const all: Case[] = []
  const roll = (dice: number[]): void => {
    if (dice.length < looks) {
      const faces = replacement ? n : n - dice.length
      for (let face = 0; face < faces; face++) roll([...dice, face])
      return
    }
    const script = dice.map((face, i) => draw(face, replacement ? n : n - i))
    const rng = new ScriptedRng(...script)
    const picked = pool.use(PowerOfTwo, rng, values).pick()
    expect(rng.left).toBe(0)
    all.push({ drawn: replacement ? dice : meaning(dice, n), picked: picked.slot })
  }
  roll([])
  return all
}

/** A die of n - i faces chooses among those who are left, in the order of the list. */
function meaning(dice: readonly number[], n: number): number[] {
  const left = Array.from({ length: n }, (_, i) => i)
  return dice.map((face) => left.splice(face, 1)[0])
}

function ones(n: number): number[] {
  return Array.from({ length: n }, () => 1)
}

function shuffled(loads: number[]): number[] {
  return loads.map((_, i) => loads[(i * 7 + 3) % loads.length])
}

function choose(n: number, k: number): number {
  let ways = 1
  for (let i = 0; i < k; i++) ways = (ways * (n - i)) / (i + 1)
  return k > n ? 0 : ways
}

function countsOf(pool: Pool, cases: readonly Case[]): number[] {
  return tally(
    pool.servers,
    cases.map(({ picked }) => pool.servers[picked]),
  )
}

const every = [1, 2, 3, 4].flatMap((choices) => [
  { ...DEFAULT, choices },
  { ...DEFAULT, choices, replacement: true },
])

test('by itself it looks at two: every ordered pair of distinct servers comes once, and the less busy is taken', () => {
  const loads = shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  const all = outcomes(new Pool(ones(10), loads))
  expect(new Set(all.map(({ drawn }) => drawn.join())).size).toBe(90)
  for (const { drawn, picked } of all) {
    expect(drawn[0]).not.toBe(drawn[1])
    expect(loads[picked]).toBe(Math.min(loads[drawn[0]], loads[drawn[1]]))
  }
})

for (const values of every) {
  const { choices: d, replacement } = values
  describe(`${d} drawn ${replacement ? 'with' : 'without'} replacement`, () => {
    test('every ordered outcome comes once, and the least busy of it is taken, the first of equals', () => {
      const loads = shuffled([0, 3, 1, 1, 2, 0, 3])
      const n = loads.length
      const all = outcomes(new Pool(ones(n), loads), values)
      const ways = replacement ? n ** d : choose(n, d) * [1, 1, 2, 6, 24][d]
      expect(all).toHaveLength(ways)
      expect(new Set(all.map(({ drawn }) => drawn.join())).size).toBe(ways)
      for (const { drawn, picked } of all) {
        const least = Math.min(...drawn.map((i) => loads[i]))
        expect(picked).toBe(drawn.find((i) => loads[i] === least))
      }
    })

    test('of distinct loads the r-th least busy gets exactly its part by the formula', () => {
      for (let n = Math.max(2, d); n <= 8; n++) {
        const pool = new Pool(
          ones(n),
          Array.from({ length: n }, (_, i) => i * 3),
        )
        const all = outcomes(pool, values)
        const expected = pool.servers.map((_, i) => {
          const r = i + 1
          const share = replacement
            ? ((n - r + 1) ** d - (n - r) ** d) / n ** d
            : choose(n - r, d - 1) / choose(n, d)
          return Math.round(share * all.length * 1e9) / 1e9
        })
        expect(countsOf(pool, all)).toEqual(expected)
      }
    })

    test('no load gives a server more than d/n, or 1 - (1 - 1/n)^d, of the picks', () => {
      fc.assert(
        fc.property(fc.array(fc.nat(4), { minLength: Math.max(2, d), maxLength: 6 }), (loads) => {
          const n = loads.length
          const pool = new Pool(ones(n), loads)
          const all = outcomes(pool, values)
          const cap = replacement ? 1 - (1 - 1 / n) ** d : d / n
          expect(Math.max(...countsOf(pool, all))).toBeLessThanOrEqual(cap * all.length + 1e-9)
        }),
        { numRuns: 20 },
      )
    })

    test('equally busy servers are equally likely', () => {
      for (const load of [0, 2]) {
        const pool = new Pool(
          ones(5),
          ones(5).map((one) => one * load),
        )
        const all = outcomes(pool, values)
        expect(countsOf(pool, all)).toEqual(ones(5).map(() => all.length / 5))
      }
    })
  })
}

test('busy is meant for the weight, and weights need no division', () => {
  const servers = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(20)), {
    minLength: 3,
    maxLength: 6,
  })
  fc.assert(
    fc.property(servers, fc.constantFrom(2, 3), (servers, choices) => {
      const [weights, loads] = [servers.map(([weight]) => weight), servers.map(([, load]) => load)]
      const pool = new Pool(weights, loads)
      for (const { drawn, picked } of outcomes(pool, { ...DEFAULT, choices })) {
        const score = (i: number): number => loads[i] / weights[i]
        const least = Math.min(...drawn.map(score))
        expect(picked).toBe(drawn.find((i) => score(i) < least + 1e-12))
      }
    }),
  )
})

test('as many choices as there are servers, or more, are least connections', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 2, maxLength: 16 }), fc.nat(), (loads, seed) => {
      const pool = new Pool(ones(loads.length), loads)
      const picked = pool.use(PowerOfTwo, new Rng(seed), { ...DEFAULT, choices: 16 }).pick()
      const least = pool.use(LeastConnections, new Rng(1), { ties: 'first' }).pick()
      expect(picked.inflight).toBe(least.inflight)
    }),
  )
})

describe('drawn by weight', () => {
  const weights = fc.array(
    fc.double({ min: -3, max: 6, noNaN: true }).map((exponent) => 10 ** exponent),
    { minLength: 2, maxLength: 12 },
  )

  function partsOf(strategy: PowerOfTwo): number[] {
    const starts = ints(strategy, 'starts')
    return Array.from(starts.subarray(1), (end, i) => end - starts[i])
  }

  function use(pool: Pool, rng: Rng, values: Partial<Values>): PowerOfTwo {
    return pool.use(PowerOfTwo, rng, { ...DEFAULT, draw: 'weight', ...values })
  }

  test('the parts are in proportion to weight, and nobody has none', () => {
    fc.assert(
      fc.property(weights, (weights) => {
        const parts = partsOf(use(new Pool(weights), new Rng(1), {}))
        const [whole, total] = [parts, weights].map((all) => all.reduce((sum, each) => sum + each))
        parts.forEach((part, i) => {
          expect(part).toBeGreaterThanOrEqual(1)
          expect(Math.abs(part / whole - weights[i] / total)).toBeLessThan(weights.length * 4e-9)
        })
      }),
    )
  })

  for (const replacement of [true, false]) {
    test(`every part is met at its first and last point, ${replacement ? 'with' : 'without'} replacement`, () => {
      fc.assert(
        fc.property(weights, (weights) => {
          const n = weights.length
          const pool = new Pool(
            weights,
            weights.map((_, i) => i + 1),
          )
          const parts = partsOf(use(pool, new Rng(1), {}))
          const whole = parts.reduce((sum, part) => sum + part)
          for (let a = 0; a < n; a++) {
            // What is left for the second, in the order of the list.
            let point = 0
            const rest = replacement ? whole : whole - parts[a]
            const first = parts.slice(0, a).reduce((sum, part) => sum + part, 0)
            for (let b = 0; b < n; b++) {
              if (b === a && !replacement) continue
              for (const second of [point, point + parts[b] - 1]) {
                const rng = new ScriptedRng(draw(first, whole), draw(second, rest))
                const picked = use(pool, rng, { replacement }).pick().slot
                const lighter = (b + 1) * weights[a] < (a + 1) * weights[b]
                expect(picked).toBe(lighter ? b : a)
              }
              point += parts[b]
            }
            expect(point).toBe(rest)
          }
        }),
        { numRuns: 30 },
      )
    })
  }

  test('distinct draws favour the light: of weights 1, 1, 1/2 the last is looked at .61 times as often', () => {
    // P(i among two) = sum over the other drawn first, by the parts that "every part is met" has shown to be the chances.
    const pool = new Pool([1, 1, 0.5])
    const parts = partsOf(use(pool, new Rng(1), {}))
    const whole = parts.reduce((sum, part) => sum + part)
    const among = parts.map((part, i) => {
      let chance = part / whole
      parts.forEach((other, j) => {
        if (j !== i) chance += ((other / whole) * part) / (whole - other)
      })
      return chance
    })
    expect(among[2] / among[0]).toBeCloseTo(14 / 23, 6)
  })

  test('more than two distinct ones step over all that were drawn: everybody is looked at in the end', () => {
    fc.assert(
      fc.property(weights, fc.nat(), (weights, seed) => {
        const n = weights.length
        for (let idle = 0; idle < n; idle++) {
          const pool = new Pool(
            weights,
            weights.map((_, i) => (i === idle ? 0 : 5)),
          )
          expect(use(pool, new Rng(seed), { choices: 16 }).pick().slot).toBe(idle)
        }
      }),
    )
  })
})
