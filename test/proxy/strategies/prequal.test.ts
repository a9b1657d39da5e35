import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { ValuesOf } from '../../../proxy/core/options.ts'
import { SILENT } from '../../../proxy/core/report.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Prequal, type PREQUAL_OPTIONS } from '../../../proxy/strategies/prequal.ts'
import { draw, part, ScriptedRng } from '../../support/scripted-rng.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { Pool, tally } from './pool.ts'
import { always, good, shareOf, VirtualWorld } from './virtual-world.ts'

/** Asks nobody and forgets nothing, so that only what a test says happens. */
const QUIET = { pool: 16, probes: 0, remove: 0, age: 1000, hot: 2 ** -0.25, delta: 1 }

let pool: Pool
let strategy: Prequal

function begin(
  n: number,
  options: Partial<ValuesOf<typeof PREQUAL_OPTIONS>> = {},
  rng = new Rng(1),
): Endpoint[] {
  pool = new Pool(Array.from({ length: n }, () => 1))
  strategy = pool.use(Prequal, rng, { ...QUIET, ...options })
  return pool.servers
}

function hear(server: Endpoint, inflight: number, latency = 10): void {
  strategy.heard(server, { ...SILENT, inflight, latency })
}

/** The pool of probes, oldest first. */
function probes(): { slot: number; inflight: number; latency: number }[] {
  const { count, inflight, latency, slots } = strategy['pool']
  return Array.from({ length: count }, (_, i) => ({
    slot: slots[i],
    inflight: inflight[i],
    latency: latency[i],
  }))
}

function slots(): number[] {
  return probes().map(({ slot }) => slot)
}

describe('a pick', () => {
  const said = fc.array(fc.tuple(fc.nat(9), fc.nat(6), fc.nat(50)), { minLength: 2, maxLength: 30 })

  test('takes the quickest of the cold ones, and if all are hot the least busy', () => {
    const quantiles = fc.constantFrom(0, 0.3, 0.5, 2 ** -0.25, 1)
    fc.assert(
      fc.property(said, quantiles, fc.array(fc.nat(9)), (said, hot, away) => {
        const servers = begin(10, { hot })
        for (const [slot, inflight, latency] of said) hear(servers[slot], inflight, latency)
        strategy.update(servers.filter(({ slot }) => slot < 2 || !away.includes(slot)))
        const usable = probes().filter(({ slot }) => slot < 2 || !away.includes(slot))
        if (usable.length < 2) return
        const heard = said.map(([, inflight]) => inflight).sort((a, b) => a - b)
        let limit = heard[Math.max(0, Math.ceil(hot * heard.length) - 1)]
        if (hot === 0) limit = -Infinity
        if (hot === 1) limit = Infinity
        const cold = usable.filter(({ inflight }) => inflight <= limit)
        const { slot: chosen } = strategy.pick()
        const picked = usable.find(({ slot }) => slot === chosen)!
        if (cold.length === 0) {
          expect(picked.inflight).toBe(Math.min(...usable.map(({ inflight }) => inflight)))
        } else {
          expect(cold).toContain(picked)
          expect(picked.latency).toBe(Math.min(...cold.map(({ latency }) => latency)))
        }
      }),
    )
  })

  test('counts as one more in hand', () => {
    const [a, b, c] = begin(3)
    hear(a, 2, 10)
    hear(b, 2, 20)
    hear(c, 2, 30)
    expect(strategy.pick()).toBe(a)
    expect(probes().map(({ inflight }) => inflight)).toEqual([3, 2, 2])
    expect(strategy.pick()).toBe(b) // a is hot now: 3 is more than anybody said.
  })

  test('is drawn at random with fewer than two usable probes', () => {
    const rng = new ScriptedRng(draw(2, 3), draw(0, 3), draw(1, 3))
    const [a, b, c] = begin(3, {}, rng)
    expect(strategy.pick()).toBe(c)
    hear(b, 0, 1)
    expect(strategy.pick()).toBe(a)
    expect(strategy.pick()).toBe(b)
    expect(probes()).toMatchObject([{ inflight: 0 }])
  })
})

describe('the pool', () => {
  test('has a probe as long as it is good, and not a moment longer', () => {
    const [a, b, c] = begin(3)
    hear(a, 0, 1)
    pool.clock.now += 500
    hear(b, 0, 2)
    hear(c, 0, 3)
    pool.clock.now += 500
    expect(strategy.pick()).toBe(a)
    pool.clock.now += 0.1
    expect(strategy.pick()).toBe(b)
    expect(slots()).toEqual([1, 2])
  })

  test('has one of each server, the newest, and loses the oldest when it is full', () => {
    const [a, b, c, d] = begin(4, { pool: 3 })
    for (const [server, inflight] of [
      [a, 1],
      [b, 2],
      [a, 3],
      [c, 4],
      [d, 5],
    ] as const)
      hear(server, inflight)
    expect(probes().map(({ slot, inflight }) => [slot, inflight])).toEqual([
      [0, 3],
      [2, 4],
      [3, 5],
    ])
  })

  test('forgets the oldest and the worst in turn', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(50)), { maxLength: 12 }), (said) => {
        const servers = begin(20, { pool: 12, remove: 1 })
        said.forEach(([inflight, latency], i) => hear(servers[i], inflight, latency))
        for (let turn = 0; probes().length > 2; turn++) {
          const limit = strategy['limit'][0]
          const before = probes()
          const picked = strategy.pick().slot
          before.find(({ slot }) => slot === picked)!.inflight++
          const [gone, ...others] = before.filter(({ slot }) => !slots().includes(slot))
          expect(others).toEqual([])
          if (turn % 2 === 0) {
            expect(gone).toEqual(before[0])
            continue
          }
          const hot = before.filter(({ inflight }) => inflight > limit)
          if (hot.length > 0)
            expect(gone.inflight).toBe(Math.max(...before.map(({ inflight }) => inflight)))
          else expect(gone.latency).toBe(Math.max(...before.map(({ latency }) => latency)))
        }
      }),
    )
  })

  test('lets a probe be used (1 + δ) / ((1 - pool/n) · probes - remove) times', () => {
    // (1 + 2) / ((1 - 8/16) · 4 - 1) = 3 times.
    const servers = begin(16, { pool: 8, probes: 4, delta: 2, remove: 1, hot: 1 })
    servers.slice(0, 8).forEach((server, i) => hear(server, 0, i))
    const picked = Array.from({ length: 9 }, () => strategy.pick())
    const used = tally(servers, picked).slice(0, 8)
    expect(Math.max(...used)).toBe(3)
  })

  test('rounds the number of uses at random: (1 + 1) / (0.84 · 3 - 1) is 1, or 2 with a probability of 0.316', () => {
    const least = part(6 / 19 - 0.001)
    const most = part(6 / 19 + 0.001)
    const servers = begin(100, { probes: 3, remove: 1 }, new ScriptedRng(least, most))
    hear(servers[0], 0)
    hear(servers[1], 0)
    expect(strategy['pool'].uses.slice(0, 2)).toEqual(Int32Array.of(2, 1))
  })

  test('with room for everybody loses nothing', () => {
    const [a, b] = begin(3, { remove: 1, probes: 3 })
    hear(a, 0)
    hear(b, 0)
    for (let i = 0; i < 5; i++) strategy.pick()
    expect(slots()).toEqual([0, 1])
  })

  test('takes nothing from servers that are away, or that say nothing of use', () => {
    const [a, b, c] = begin(3)
    strategy.update([a, b])
    hear(c, 0)
    hear(b, NaN)
    expect(slots()).toEqual([])
    strategy.settled(a, 40, 'ok')
    hear(a, 1, NaN)
    expect(probes()).toEqual([{ slot: 0, inflight: 1, latency: 40 }])
  })

  test('does not speak for the next server in the same slot', () => {
    const [a, b, c] = begin(3, {}, new ScriptedRng(draw(2, 3)))
    hear(a, 0, 1)
    hear(b, 0, 2)
    pool.memory.claim(a.slot)
    expect(strategy.pick()).toBe(c) // One usable probe: at random.
  })
})

describe('probes', () => {
  test('go to some of the eligible, all different, each as likely as any other (seed 1, one false alarm in a million)', () => {
    const servers = begin(8, { probes: 3 })
    strategy.update(servers.slice(0, 7))
    for (let i = 0; i < 2000; i++) {
      pool.asked.length = 0
      strategy.pick()
      expect(new Set(pool.asked).size).toBe(3)
    }
    pool.asked.length = 0
    for (let i = 0; i < 2000; i++) strategy.pick()
    const counts = tally(servers, pool.asked)
    expect(counts.pop()).toBe(0)
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(7))
  })

  test('go to all where there are few, and are rounded at random', () => {
    const servers = begin(2, { probes: 3 })
    strategy.pick()
    expect(new Set(pool.asked)).toEqual(new Set(servers))
    for (const [die, count] of [
      [0.49, 2],
      [0.51, 1],
    ]) {
      const rest = [draw(0, 4), draw(0, 3)].slice(0, count)
      begin(4, { probes: 1.5 }, new ScriptedRng(draw(0, 4), part(die), ...rest))
      strategy.pick()
      expect(pool.asked.length).toBe(count)
    }
  })
})

describe('a server that fails', () => {
  test('counts the failures that linger as in hand, and as slow', () => {
    const [a, b] = begin(2)
    strategy.settled(b, 100, 'ok')
    hear(a, 3, 1)
    hear(b, 3, 90)
    expect(strategy['choose']()).toBe(0)
    strategy.settled(a, 0, 'error') // Both as one more in hand, which is hot, and as slow as 101.
    expect(strategy['choose']()).toBe(1)
    pool.clock.now += 900
    expect(strategy['choose']()).toBe(1)
    hear(a, 2, 1)
    expect(strategy['choose']()).toBe(1)
  })

  test('at once draws no more than its share', () => {
    // The scenario S1 of the lab: nine that answer in 100 ms on average and one that fails after 1 ms.
    const world = new VirtualWorld('prequal', 1)
    for (let i = 0; i < 9; i++) world.add(new Endpoint(`good-${i}`), good(100))
    const hole = new Endpoint('hole')
    world.add(hole, always(1, 'error'))
    world.run(10, 400)
    expect(shareOf(world.run(60, 400), hole)).toBeLessThan(0.12)
  })
})
