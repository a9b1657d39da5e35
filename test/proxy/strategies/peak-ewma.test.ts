import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { PeakEwma } from '../../../proxy/strategies/peak-ewma.ts'
import { draw, ScriptedRng } from '../../support/scripted-rng.ts'
import { floats, picks, Pool, remembered } from './pool.ts'

const DECAY = 10_000

let pool: Pool
let strategy: PeakEwma

function begin(...weights: number[]): Endpoint[] {
  pool = new Pool(weights)
  strategy = pool.use(PeakEwma, new Rng(1), { decay: DECAY, initial: 0 })
  return pool.servers
}

function costOf(server: Endpoint): number {
  return floats(strategy, 'cost')[server.slot]
}

/** Which of two servers wins, whichever is drawn first. */
function winner(): Endpoint {
  const [one, other] = [0, 1].map((first) => {
    Object.assign(strategy, { rng: new ScriptedRng(draw(first, 2), draw(0, 1)) })
    return strategy.pick()
  })
  expect(one).toBe(other)
  return one
}

/** Whether the second of two is taken, by the definition alone. */
function secondWins(first: Endpoint, second: Endpoint): boolean {
  const { failures, stamp: failed, latency: usual } = strategy['typical']
  const stamp = floats(strategy, 'stamp')
  const now = pool.clock.now + 1
  const later = Math.abs(stamp[first.slot]) - Math.abs(stamp[second.slot])
  const [x, y] = [first, second].map(({ inflight, slot }, i) => {
    const cost = stamp[slot] > 0 ? floats(strategy, 'cost')[slot] : usual
    const lingering = failures[slot] * Math.exp((failed[slot] - now) / usual)
    const sunk = Math.exp(Math.min(0, i === 0 ? later : -later) / DECAY)
    return cost * (inflight + 1 + lingering) * sunk
  })
  return y * first.weight < x * second.weight
}

const latencies = fc.double({ min: 0, max: 1e5, noNaN: true })
const waits = fc.nat(30_000)

describe('the cost', () => {
  test('jumps to a peak at once, and goes down by the time that has passed', () => {
    const [a] = begin(1, 1)
    strategy.settled(a, 100, 'ok')
    expect(costOf(a)).toBe(100)
    strategy.settled(a, 500, 'ok')
    expect(costOf(a)).toBe(500)
    strategy.settled(a, 100, 'ok') // No time has passed: as good as no weight.
    expect(costOf(a)).toBe(500)
    pool.clock.now += DECAY * Math.LN2
    strategy.settled(a, 100, 'ok')
    expect(costOf(a)).toBeCloseTo(300, 9)
  })

  test('never falls below 0, rises to a peak exactly, and else stays between what it was and what was heard', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(latencies, waits), { minLength: 1 }), (heard) => {
        const [a] = begin(1, 1)
        for (const [latency, wait] of heard) {
          pool.clock.now += wait
          const before = costOf(a)
          strategy.settled(a, latency, 'ok')
          if (latency >= before) expect(costOf(a)).toBe(latency)
          expect(costOf(a)).toBeGreaterThanOrEqual(Math.min(before, latency))
          expect(costOf(a)).toBeLessThanOrEqual(Math.max(before, latency) * (1 + 1e-12))
        }
      }),
    )
  })

  test('is not changed by looking, however often and whenever: twice is the same as once and later', () => {
    fc.assert(
      fc.property(fc.array(waits, { maxLength: 10 }), (waits) => {
        const [a, b] = begin(1, 1, 1)
        strategy.settled(a, 50, 'ok')
        strategy.settled(b, 3, 'refused')
        const before = [...remembered(strategy), ...remembered(strategy['typical'])]
        for (const wait of waits) {
          pool.clock.now += wait
          picks(strategy, 3)
        }
        expect([...remembered(strategy), ...remembered(strategy['typical'])]).toEqual(before)
      }),
    )
  })
})

describe('the load', () => {
  test('grows with every request in flight: ten times as fast bears up to nine more', () => {
    const [a, b] = begin(1, 1)
    strategy.settled(a, 10, 'ok')
    strategy.settled(b, 100.5, 'ok')
    pool.load(9, 0)
    expect(winner()).toBe(a)
    pool.load(10, 0)
    expect(winner()).toBe(b)
  })

  test('is meant for the weight: twice the weight bears twice the latency', () => {
    const [a, b] = begin(1, 2)
    strategy.settled(a, 10, 'ok')
    strategy.settled(b, 19.9, 'ok')
    expect(winner()).toBe(b)
    strategy.settled(b, 20.1, 'ok')
    expect(winner()).toBe(a)
  })

  test('of a server that gets nothing sinks to that of the others: 46 s for 1000 ms among 10 ms, and not before', () => {
    for (const peak of [1000, 50]) {
      const [a, b] = begin(1, 1)
      const back = DECAY * Math.log(peak / 10)
      strategy.settled(b, peak, 'ok')
      for (const [time, expected] of [
        [0, a],
        [back / 2, a],
        [back - 1, a],
        [back + 1, b],
      ] as const) {
        pool.clock.now = time
        strategy.settled(a, 10, 'ok') // Keeps answering in 10 ms.
        expect(winner()).toBe(expected)
      }
    }
  })
})

test('two distinct servers are drawn, every ordered pair once, and a tie goes to the first', () => {
  const { servers } = new Pool([1, 1, 1, 1])
  begin(...servers.map(({ weight }) => weight))
  const pairs = new Set<string>()
  for (let first = 0; first < 4; first++) {
    for (let second = 0; second < 3; second++) {
      const rng = new ScriptedRng(draw(first, 4), draw(second, 3))
      Object.assign(strategy, { rng })
      expect(strategy.pick()).toBe(pool.servers[first])
      const other = pool.servers[second < first ? second : second + 1]
      pool.load(1, 1, 1, 1)
      pool.inflights[other.slot] = 0 // So that the other of the pair shows.
      Object.assign(strategy, { rng: new ScriptedRng(draw(first, 4), draw(second, 3)) })
      expect(strategy.pick()).toBe(other)
      pool.load(0, 0, 0, 0)
      pairs.add(`${first} ${other.slot}`)
    }
  }
  expect(pairs.size).toBe(12)
})

describe('a server never heard of', () => {
  test('is as good as typical: better than a slow server, worse than a fast one', () => {
    const pools = [10, 20].map((latency) => {
      const servers = begin(1, 1, 1)
      strategy.settled(servers[0], 10, 'ok')
      strategy.settled(servers[1], 20, 'ok') // Typical is 15.
      strategy.update([servers[latency === 10 ? 0 : 1], servers[2]])
      return winner() === servers[2]
    })
    expect(pools).toEqual([false, true])
  })

  test('or as good as it is told to be', () => {
    const [a, b] = begin(1, 1)
    strategy = pool.use(PeakEwma, new Rng(1), { decay: DECAY, initial: 30 })
    strategy.settled(a, 29, 'ok')
    expect(winner()).toBe(a)
    strategy.settled(a, 31, 'ok')
    expect(winner()).toBe(b)
  })

  test('has its turn even where one known server could serve everybody', () => {
    const [a, b] = begin(1, 1)
    strategy.settled(a, 10, 'ok')
    pool.clock.now += 20
    strategy.settled(a, 10, 'ok')
    expect(winner()).toBe(b)
  })
})

describe('a failure', () => {
  test('counts for no less than the typical latency, and for itself if it took longer', () => {
    const [a, b, c] = begin(1, 1, 1)
    strategy.settled(a, 40, 'ok')
    strategy.settled(b, 1, 'refused')
    strategy.settled(c, 90, 'timeout')
    expect([a, b, c].map(costOf)).toEqual([40, 40, 90])
  })

  test('that was quick lingers among the requests in flight, so failing fast is not being idle', () => {
    const [a, b] = begin(1, 1)
    strategy.settled(a, 100, 'ok')
    for (let i = 0; i < 4; i++) strategy.settled(b, 0, 'refused')
    pool.load(3, 0)
    expect(winner()).toBe(a)
    pool.load(5, 0)
    expect(winner()).toBe(b)
  })

  test('of a client that left teaches nothing', () => {
    const [a] = begin(1, 1)
    strategy.settled(a, 20, 'ok')
    strategy.settled(a, 5000, 'aborted')
    expect(costOf(a)).toBe(20)
  })
})

test('a choice that is clear without an exponential is the one that it would make', () => {
  const event = fc.record({
    which: fc.nat(2),
    latency: fc.oneof(fc.nat(3), fc.double({ min: 0, max: 40, noNaN: true })),
    wait: fc.oneof(fc.constant(0), fc.nat(20), fc.nat(15_000)),
    fails: fc.boolean(),
    loads: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
  })
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
      fc.array(event, { minLength: 1, maxLength: 12 }),
      (weights, events) => {
        const servers = begin(...weights)
        for (const { fails, latency, loads, wait, which } of events) {
          strategy.settled(servers[which], latency, fails ? 'error' : 'ok')
          pool.clock.now += wait
          pool.load(...loads)
          for (const [a, b] of [
            [0, 1],
            [1, 0],
            [0, 2],
            [2, 1],
          ]) {
            const dice = new ScriptedRng(draw(a, 3), draw(b > a ? b - 1 : b, 2))
            Object.assign(strategy, { rng: dice })
            const second = secondWins(servers[a], servers[b])
            expect(strategy.pick()).toBe(servers[second ? b : a])
          }
        }
      },
    ),
    { numRuns: 500 },
  )
})
