import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Memory } from '../../../proxy/core/memory.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Edf } from '../../../proxy/strategies/edf.ts'
import { part, ScriptedRng } from '../../support/scripted-rng.ts'
import { floats, picks, Pool, tally } from './pool.ts'

const FULL = { phase: 'full' } as const
const RANDOM = { phase: 'random' } as const

const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 12 })

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function ids(servers: readonly Endpoint[]): string {
  return servers.map((server) => server.id).join('')
}

describe('when servers come and go', () => {
  test('it does not forget: rebuilt all the time, light servers among heavy ones still get their due', () => {
    // The shape of Envoy pull request 10064: new deadlines at each rebuild would leave the light ones nothing.
    const weights = [...Array.from({ length: 40 }, () => 128), 10, 10, 10, 10]
    const pool = new Pool(weights)
    for (const options of [FULL, RANDOM]) {
      const strategy = pool.use(Edf, new Rng(2), options)
      const counts = weights.map(() => 0)
      const rounds = 20 * 13
      for (let t = 0; t < rounds * 40; t++) {
        if (t % 7 === 0) strategy.update(pool.servers)
        counts[strategy.pick().slot]++
      }
      const due = (rounds * 40 * 10) / sum(weights)
      for (const count of counts.slice(40)) expect(Math.abs(count - due)).toBeLessThan(1.1)
    }
  })

  test('to update again changes nothing at all', () => {
    fc.assert(
      fc.property(weights, fc.nat(), fc.nat(80), (weights, seed, before) => {
        const once = new Pool(weights).use(Edf, new Rng(seed), RANDOM)
        const pool = new Pool(weights)
        const often = pool.use(Edf, new Rng(seed), RANDOM)
        picks(once, before)
        for (let t = 0; t < before; t++) {
          often.update(pool.servers)
          often.pick()
        }
        expect(ids(picks(often, 50))).toBe(ids(picks(once, 50)))
      }),
    )
  })

  test('a return is no burst: what a server missed while away is not made up for', () => {
    const pool = new Pool([1, 1, 1])
    const strategy = pool.use(Edf, new Rng(1), RANDOM)
    picks(strategy, 3)
    strategy.update(pool.servers.slice(0, 2))
    picks(strategy, 1000)
    strategy.update(pool.servers)
    expect(tally(pool.servers, picks(strategy, 30))).toEqual([10, 10, 10])
  })

  test('one that returns at once goes on waiting: to leave and come back is no way to be picked more often', () => {
    const pool = new Pool([4, 4, 1])
    const strategy = pool.use(Edf, new Rng(3), RANDOM)
    const counts = [0, 0, 0]
    for (let t = 0; t < 900; t++) {
      strategy.update(pool.servers.slice(0, 2))
      strategy.update(pool.servers)
      counts[strategy.pick().slot]++
    }
    expect(Math.abs(counts[2] - 100)).toBeLessThanOrEqual(2)
  })

  test('a newcomer in the slot of another waits for its own first turn from now on', () => {
    const pool = new Pool([1, 1, 1])
    const strategy = pool.use(Edf, new ScriptedRng(), FULL)
    picks(strategy, 300)
    pool.memory.release(2)
    pool.memory.claim(2)
    strategy.update(pool.servers)
    expect(ids(picks(strategy, 7))).toMatch(/^(ab|ba)/)
    expect(tally(pool.servers, picks(strategy, 30))).toEqual([10, 10, 10])
  })

  test('time never runs backwards and no deadline lies in the past', () => {
    const steps = fc.array(fc.tuple(fc.nat(0xfff), fc.integer({ min: 1, max: 40 }), fc.nat(20)), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(weights, steps, fc.nat(), (weights, steps, seed) => {
        const pool = new Pool(weights)
        const strategy = pool.use(Edf, new Rng(seed), RANDOM)
        const [time, deadline] = [floats(strategy, 'time'), floats(strategy, 'deadline')]
        for (const [mask, weight, count] of steps) {
          const present = pool.servers.filter((_, i) => mask & (1 << i))
          if (present.length < 2) continue
          present[0].weight = weight
          strategy.update(present)
          for (let t = 0; t < count; t++) {
            const before = time[0]
            strategy.pick()
            expect(time[0]).toBeGreaterThanOrEqual(before)
            expect(Math.min(...present.map(({ slot }) => deadline[slot]))).toBeGreaterThanOrEqual(
              time[0],
            )
          }
        }
      }),
    )
  })
})

describe('when a weight changes', () => {
  test('what is left of the wait is scaled with it', () => {
    const pool = new Pool([1, 1])
    const strategy = pool.use(Edf, new ScriptedRng(part(0.5), part(0.25)), RANDOM)
    const deadline = floats(strategy, 'deadline')
    // First waits of 0.5 and 0.75: a draw says what is left out of 1.
    expect(strategy.pick().id).toBe('a') // Now is 0.5; a is due at 1.5, b at 0.75.
    pool.servers[0].weight = 4
    strategy.update(pool.servers)
    expect([...deadline.subarray(0, 2)]).toEqual([0.75, 0.75])
    pool.servers[0].weight = 1
    strategy.update(pool.servers)
    expect([...deadline.subarray(0, 2)]).toEqual([1.5, 0.75])
  })

  test('shares follow, from the next pick on', () => {
    const pool = new Pool([1, 1, 1])
    const strategy = pool.use(Edf, new Rng(4), RANDOM)
    picks(strategy, 100)
    pool.servers[1].weight = 8
    strategy.update(pool.servers)
    const counts = tally(pool.servers, picks(strategy, 100))
    ;[10, 80, 10].forEach((due, i) => expect(Math.abs(counts[i] - due)).toBeLessThan(2))
  })
})

/** As if this much virtual time had gone by. */
function passTime(strategy: Edf, servers: readonly Endpoint[], by: number): void {
  floats(strategy, 'time')[0] += by
  floats(strategy, 'deadline').forEach((deadline, slot, all) => {
    if (deadline !== 0) all[slot] = deadline + by
  })
  strategy.update(servers)
}

describe('late in virtual time', () => {
  test('a light server among heavy ones still gets its due', () => {
    // At 5e10 a wait of a millionth is less than a double of that size can be off.
    const pool = new Pool([1e6, 1000])
    const strategy = pool.use(Edf, new Rng(1), RANDOM)
    passTime(strategy, pool.servers, 5e10)
    expect(tally(pool.servers, picks(strategy, 10_010))[1]).toBeGreaterThanOrEqual(9)
  })

  test('nothing changes when time is set back, and what is left of each wait is kept', () => {
    // Powers of two, so that nothing is rounded on the way there either.
    const powers = fc.array(fc.constantFrom(1, 2, 4, 8, 16), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(powers, fc.nat(40), fc.nat(4), (weights, before, short) => {
        const strategies = [0, 2 ** 20 - short / 4].map((by) => {
          const pool = new Pool(weights)
          const strategy = pool.use(Edf, new ScriptedRng(), FULL)
          picks(strategy, before)
          passTime(strategy, pool.servers, by)
          return strategy
        })
        const [early, late] = strategies.map((strategy) => ids(picks(strategy, 400)))
        expect(late).toBe(early)
        expect(floats(strategies[1], 'time')[0]).toBeLessThan(1000)
      }),
    )
  })

  test('one that is away meanwhile is due when it returns, and is no newcomer', () => {
    const pool = new Pool([1, 1, 1])
    const strategy = pool.use(Edf, new ScriptedRng(), FULL)
    picks(strategy, 3)
    passTime(strategy, pool.servers.slice(1), 2 ** 20)
    picks(strategy, 10)
    strategy.update(pool.servers)
    expect(tally(pool.servers, picks(strategy, 3))).toEqual([1, 1, 1])
    expect(floats(strategy, 'deadline').every((deadline) => deadline < 100)).toBe(true)
  })
})

describe('threads', () => {
  /** So many strategies over the same memory, each with servers of its own, as threads have. */
  function crew(weights: readonly number[], threads: number): { pool: Pool; strategy: Edf }[] {
    const buffer = new SharedArrayBuffer(64 * 1024)
    return Array.from({ length: threads }, (_, thread) => {
      const pool = new Pool(weights)
      const memory = new Memory(64, { buffer, thread, threads })
      const strategy = new Edf({ ...pool.context(new Rng(thread)), memory }, RANDOM)
      strategy.update(pool.servers)
      return { pool, strategy }
    })
  }

  test('that take turns pick, together, as one alone would', () => {
    const order = fc.array(fc.nat(2), { minLength: 50, maxLength: 150 })
    fc.assert(
      fc.property(weights, order, (weights, order) => {
        const threads = crew(weights, 3)
        const alone = crew(weights, 1)[0].strategy
        const together = order.map((thread) => threads[thread].strategy.pick().id).join('')
        expect(together).toBe(ids(picks(alone, order.length)))
      }),
    )
  })

  test('set time back together', () => {
    const order = fc.array(fc.nat(2), { minLength: 50, maxLength: 150 })
    const powers = fc.array(fc.constantFrom(1, 2, 4, 8), { minLength: 2, maxLength: 12 })
    fc.assert(
      fc.property(powers, order, fc.nat(20), (weights, order, short) => {
        const threads = crew(weights, 3)
        const alone = crew(weights, 1)[0].strategy
        passTime(threads[0].strategy, threads[0].pool.servers, 2 ** 20 - short / 4)
        for (const { pool, strategy } of threads) strategy.update(pool.servers)
        const together = order.map((thread) => threads[thread].strategy.pick().id).join('')
        expect(together).toBe(ids(picks(alone, order.length)))
      }),
    )
  })

  test('go on together when one of them has heard of a change and another has not', () => {
    const [first, second] = crew([1, 1, 2], 2)
    picks(first.strategy, 20)
    picks(second.strategy, 20)
    first.pool.servers[0].weight = 8
    first.strategy.update(first.pool.servers.slice(0, 2))
    const picked = picks(first.strategy, 40)
    expect(picked.includes(first.pool.servers[2])).toBe(false)
    picked.push(...picks(second.strategy, 40)) // It still knows three servers and the old weight.
    second.pool.servers[0].weight = 8
    for (const { strategy, pool } of [first, second]) strategy.update(pool.servers)
    const counts = [0, 0, 0]
    for (let t = 0; t < 110; t++) counts[[first, second][t % 2].strategy.pick().slot]++
    ;[80, 10, 20].forEach((due, i) => expect(Math.abs(counts[i] - due)).toBeLessThan(4))
  })
})
