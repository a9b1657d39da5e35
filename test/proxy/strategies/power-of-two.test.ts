import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PowerOfTwo } from '../../../proxy/strategies/power-of-two.ts'
import { draw, ScriptedRng } from '../../support/scripted-rng.ts'
import { Pool, tally } from './pool.ts'

/** What is picked for each of the n(n - 1) outcomes of the two dice, all equally likely. */
function outcomes(pool: Pool): { pair: [number, number]; picked: number }[] {
  const n = pool.servers.length
  const all: { pair: [number, number]; picked: number }[] = []
  for (let a = 0; a < n; a++) {
    for (let second = 0; second < n - 1; second++) {
      const rng = new ScriptedRng(draw(a, n), draw(second, n - 1))
      const picked = pool.use(PowerOfTwo, rng).pick()
      expect(rng.left).toBe(0)
      all.push({ pair: [a, second < a ? second : second + 1], picked: picked.slot })
    }
  }
  return all
}

function shuffled(loads: number[]): number[] {
  return loads.map((_, i) => loads[(i * 7 + 3) % loads.length])
}

test('the two are distinct, every ordered pair comes once, and the less busy of it is taken', () => {
  const loads = shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  const all = outcomes(
    new Pool(
      loads.map(() => 1),
      loads,
    ),
  )
  expect(new Set(all.map(({ pair }) => pair.join())).size).toBe(90)
  for (const { pair, picked } of all) {
    expect(pair[0]).not.toBe(pair[1])
    expect(loads[picked]).toBe(Math.min(loads[pair[0]], loads[pair[1]]))
  }
})

test('of distinct loads, rank r of n is picked in exactly 2(n - r) of n(n - 1) cases: the busiest never', () => {
  for (let n = 2; n <= 12; n++) {
    const loads = Array.from({ length: n }, (_, i) => i * 3)
    const counts = loads.map(() => 0)
    for (const { picked } of outcomes(
      new Pool(
        loads.map(() => 1),
        loads,
      ),
    ))
      counts[picked]++
    expect(counts).toEqual(loads.map((_, i) => 2 * (n - 1 - i)))
  }
})

test('a tie goes to the first drawn', () => {
  for (const { pair, picked } of outcomes(new Pool([1, 1, 1, 1], [2, 2, 2, 2]))) {
    expect(picked).toBe(pair[0])
  }
})

test('so equally busy servers are equally likely, idle ones too', () => {
  const pool = new Pool([1, 1, 1, 1])
  const picked = outcomes(pool).map((outcome) => pool.servers[outcome.picked])
  expect(tally(pool.servers, picked)).toEqual([3, 3, 3, 3])
})

test('busy is meant for the weight, and weights need no division', () => {
  const servers = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(20)), {
    minLength: 2,
    maxLength: 6,
  })
  fc.assert(
    fc.property(servers, (servers) => {
      const [weights, loads] = [servers.map(([weight]) => weight), servers.map(([, load]) => load)]
      for (const { pair, picked } of outcomes(new Pool(weights, loads))) {
        const [first, second] = pair
        const lighter = loads[second] / weights[second] < loads[first] / weights[first] - 1e-12
        expect(picked).toBe(lighter ? second : first)
      }
    }),
  )
})

test('no load pattern gives one server more than 2/n of the picks', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 2, maxLength: 8 }), (loads) => {
      const n = loads.length
      const pool = new Pool(
        loads.map(() => 1),
        loads,
      )
      const picked = outcomes(pool).map((outcome) => pool.servers[outcome.picked])
      expect(Math.max(...tally(pool.servers, picked))).toBeLessThanOrEqual((2 / n) * n * (n - 1))
    }),
  )
})
