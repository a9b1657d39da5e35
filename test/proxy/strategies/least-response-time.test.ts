import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Endpoint } from '../../../proxy/core/endpoint.ts'
import { OUTCOMES } from '../../../proxy/core/recorder.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { LeastResponseTime } from '../../../proxy/strategies/least-response-time.ts'
import { chiSquare, chiSquareLimit } from '../../../simulator/statistics/chi-square.ts'
import { floats, picks, Pool, remembered, tally } from './pool.ts'

/** As the strategy has it by itself. */
const DECAY = 10_000

let pool: Pool
let strategy: LeastResponseTime

function begin(...weights: number[]): Endpoint[] {
  pool = new Pool(weights)
  strategy = use()
  return pool.servers
}

function use(decay = DECAY): LeastResponseTime {
  return pool.use(LeastResponseTime, new Rng(1), { decay })
}

/** Everything the strategy remembers. */
function memories(): number[][] {
  const own = ['average', 'stamp'].map((field) => [...floats(strategy, field)])
  return [...own, ...remembered(strategy['typical'])]
}

describe('a pick', () => {
  test('prefers the server that answers sooner', () => {
    const [a, b, c] = begin(1, 1, 1)
    strategy.settled(a, 30, 'ok')
    strategy.settled(b, 10, 'ok')
    strategy.settled(c, 20, 'ok')
    expect(new Set(picks(strategy, 20))).toEqual(new Set([b]))
  })

  test('counts what is in flight: ten times as fast bears up to nine requests more', () => {
    const [a, b] = begin(1, 1)
    strategy.settled(a, 10, 'ok')
    strategy.settled(b, 100.5, 'ok')
    pool.load(9, 0)
    expect(strategy.pick()).toBe(a)
    pool.load(10, 0)
    expect(strategy.pick()).toBe(b)
  })

  test('counts the weight: twice the weight bears twice the latency', () => {
    const [a, b] = begin(1, 2)
    strategy.settled(a, 10, 'ok')
    strategy.settled(b, 19, 'ok')
    expect(strategy.pick()).toBe(b)
    strategy.settled(b, 1e6, 'ok')
    pool.clock.now += 60_000
    strategy.settled(a, 10, 'ok')
    strategy.settled(b, 21, 'ok')
    expect(strategy.pick()).toBe(a)
  })

  test('draws among equals (seed 1, one false alarm in a million)', () => {
    const servers = begin(1, 1, 1, 1)
    expect(chiSquare(tally(servers, picks(strategy, 4000)))).toBeLessThan(chiSquareLimit(4))
  })

  test('is free: looking, however often and whenever, changes no later answer', () => {
    const waits = fc.array(fc.nat(5000), { maxLength: 10 })
    fc.assert(
      fc.property(waits, (waits) => {
        const [a, b] = begin(1, 1, 1)
        strategy.settled(a, 50, 'ok')
        strategy.settled(b, 3, 'refused')
        const before = memories()
        for (const wait of waits) {
          pool.clock.now += wait
          picks(strategy, 3)
        }
        expect(memories()).toEqual(before)
      }),
    )
  })
})

describe('the average', () => {
  test('gives an observation the weight of the time since the one before', () => {
    const [a] = begin(1, 1)
    const average = (): number => floats(strategy, 'average')[a.slot]
    strategy.settled(a, 100, 'ok')
    expect(average()).toBe(100)
    strategy.settled(a, 500, 'ok') // No time has passed: as good as no weight.
    expect(average()).toBe(100)
    pool.clock.now += DECAY * Math.LN2
    strategy.settled(a, 500, 'ok')
    expect(average()).toBeCloseTo(300, 9)
  })

  test('decays as fast as it is told to', () => {
    const [a] = begin(1, 1)
    strategy = use(1000)
    strategy.settled(a, 100, 'ok')
    pool.clock.now += 1000 * Math.LN2
    strategy.settled(a, 500, 'ok')
    expect(floats(strategy, 'average')[a.slot]).toBeCloseTo(300, 9)
  })

  test('stays between the least and the greatest that was observed', () => {
    const latencies = fc.double({ min: 0, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(latencies, fc.nat(30_000)), { minLength: 1 }), (seen) => {
        const [a] = begin(1, 1)
        for (const [latency, wait] of seen) {
          pool.clock.now += wait
          strategy.settled(a, latency, 'ok')
        }
        const average = floats(strategy, 'average')[a.slot]
        const observed = seen.map(([latency]) => latency)
        expect(average).toBeGreaterThanOrEqual(Math.min(...observed) * (1 - 1e-9))
        expect(average).toBeLessThanOrEqual(Math.max(...observed) * (1 + 1e-9))
      }),
    )
  })

  test('of a bad burst is forgiven after DECAY × ln(P / B), and not before: 46 s for 1000 ms among 10 ms', () => {
    const [a, b] = begin(1, 1)
    for (const peak of [1000, 50]) {
      strategy = use()
      const burst = pool.clock.now
      const back = DECAY * Math.log(peak / 10)
      strategy.settled(b, peak, 'ok')
      for (const [time, expected] of [
        [0, a],
        [back / 2, a],
        [back - 1, a],
        [back + 1, b],
      ] as const) {
        pool.clock.now = burst + time
        strategy.settled(a, 10, 'ok') // Keeps answering in 10 ms.
        expect(strategy.pick()).toBe(expected)
      }
    }
    expect(DECAY * Math.log(1000 / 10)).toBeCloseTo(46_052, 0)
  })
})

describe('an outcome', () => {
  const failures = OUTCOMES.filter((outcome) => outcome !== 'ok' && outcome !== 'aborted')

  test('of a client that left teaches nothing', () => {
    const [a] = begin(1, 1)
    strategy.settled(a, 20, 'ok')
    pool.clock.now += 1000
    const before = memories()
    strategy.settled(a, 5000, 'aborted')
    expect(memories()).toEqual(before)
  })

  for (const outcome of failures) {
    test(`"${outcome}" counts for no less than the typical latency, and for itself if it took longer`, () => {
      const [a, b, c] = begin(1, 1, 1)
      strategy.settled(a, 40, 'ok')
      strategy.settled(b, 1, outcome)
      strategy.settled(c, 90, outcome)
      expect(floats(strategy, 'average').slice(0, 3)).toEqual(Float64Array.of(40, 40, 90))
      expect(strategy['typical'].latency).toBe(40) // Typical is what answers take.
    })
  }

  test('that was bad and quick stays in the count of requests in flight for about the typical latency', () => {
    const [a, b] = begin(1, 1)
    strategy.settled(a, 100, 'ok')
    for (let i = 0; i < 4; i++) strategy.settled(b, 0, 'refused')
    // As busy as if four were in flight, so a is preferred until it has as many itself.
    pool.load(3, 0)
    expect(strategy.pick()).toBe(a)
    pool.load(5, 0)
    expect(strategy.pick()).toBe(b)
    pool.load(2, 1) // After ln 4 times the typical latency one of the four is left.
    pool.clock.now += 100 * Math.log(4) - 1
    expect(strategy.pick()).toBe(a)
    pool.clock.now += 2
    expect(strategy.pick()).toBe(b)
  })
})

test('after a long silence a server that hangs gets one request, and not all of them', () => {
  const [a, b] = begin(1, 1)
  strategy.settled(a, 10, 'ok')
  strategy.settled(b, 10, 'ok')
  pool.clock.now += 9 * DECAY
  const load = [0, 0]
  for (let i = 0; i < 500; i++) {
    pool.clock.now += 2
    pool.load(load[0], load[1])
    const server = strategy.pick()
    if (server === b) load[1]++ // It never answers.
    else strategy.settled(a, 10, 'ok')
  }
  expect(load[1]).toBeLessThanOrEqual(2)
})

test('answers that took no time at all do no harm', () => {
  const [a, b, c] = begin(1, 1, 1)
  for (const outcome of OUTCOMES) {
    strategy.settled(a, 0, outcome)
    strategy.settled(b, 0, outcome)
    strategy.settled(b, 0, outcome)
  }
  expect(memories().flat().every(Number.isFinite)).toBe(true)
  pool.clock.now += 10 * DECAY
  strategy.settled(a, 5, 'ok')
  expect(new Set(picks(strategy, 50))).toEqual(new Set([b]))
  pool.load(0, 1000, 0)
  expect(new Set(picks(strategy, 50))).toEqual(new Set([b]))
  strategy.settled(b, 5, 'ok')
  expect(new Set(picks(strategy, 50))).toEqual(new Set([c]))
})

test('the first answers of all, which are the quickest, do not stand for typical', () => {
  const [a, b] = begin(1, 1)
  for (const latency of [1, 3, 8, 100, 88]) {
    pool.clock.now += latency
    strategy.settled(a, latency, 'ok')
  }
  expect(strategy['typical'].latency).toBeCloseTo(40, 0)
  strategy.settled(b, 1, 'error')
  expect(floats(strategy, 'average')[b.slot]).toBeCloseTo(40, 0)
})

describe('a newcomer', () => {
  test('has its turn even where one server could serve everybody', () => {
    const [a, b] = begin(1, 1)
    strategy.settled(a, 10, 'ok')
    pool.clock.now += 20
    strategy.settled(a, 10, 'ok')
    expect(strategy.pick()).toBe(b)
  })

  test('is as good as typical: better than a slow server, worse than a fast one', () => {
    const [a, b, c] = begin(1, 1, 1)
    strategy.settled(a, 10, 'ok')
    strategy.settled(b, 20, 'ok')
    expect(strategy['typical'].latency).toBe(15)
    expect(strategy.pick()).toBe(a)
    pool.load(1, 0, 0) // 20, 20 and 15.
    expect(strategy.pick()).toBe(c)
    pool.load(2, 0, 1) // 30, 20 and 30.
    expect(strategy.pick()).toBe(b)
  })
})
