import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { ValuesOf } from '../../../proxy/core/options.ts'
import { SILENT } from '../../../proxy/core/report.ts'
import {
  ReportedLoad,
  type REPORTED_LOAD_OPTIONS,
} from '../../../proxy/strategies/reported-load.ts'
import { floats, Pool } from './pool.ts'
import { Recording } from './recording-strategy.ts'

const OPTIONS = {
  over: 'rr',
  penalty: 1,
  blackout: 10_000,
  expiry: 180_000,
  period: 1000,
  unknown: 'mean',
} as const

let pool: Pool
let inside: Recording
let strategy: ReportedLoad

function begin(
  weights: number[],
  options: Partial<ValuesOf<typeof REPORTED_LOAD_OPTIONS>> = {},
): Endpoint[] {
  pool = new Pool(weights)
  inside = new Recording()
  strategy = new ReportedLoad(pool.context(), { ...OPTIONS, ...options }, inside.factory())
  strategy.update(pool.servers)
  return pool.servers
}

function hear(server: Endpoint, rate: number, utilization: number, errorRate = NaN): void {
  strategy.heard(server, { ...SILENT, rate, utilization, errorRate })
}

/** The weights that hold at the next pick, in proportion to the first one. */
function proportions(): number[] {
  strategy.pick(0, 0)
  return inside.weights.map((weight) => weight / inside.weights[0])
}

/** Trusts reports at once. */
const AT_ONCE = { blackout: 1e-9 }

function later(time: number): void {
  pool.clock.now += time
}

describe('a weight', () => {
  test('is rate / (utilization + penalty · errorRate / rate)', () => {
    const [a, b, c] = begin([1, 1, 1], { ...AT_ONCE, penalty: 2 })
    hear(a, 100, 0.5) // 200
    hear(b, 100, 0.5, 25) // 100 / (0.5 + 2 · 0.25) = 100
    hear(c, 300, 0.5) // 600
    later(1000)
    expect(proportions()).toEqual([1, 0.5, 3])
  })

  test('falls with utilization and with errors, and rises with the rate', () => {
    const figure = fc.integer({ min: 1, max: 1000 })
    fc.assert(
      fc.property(figure, figure, figure, figure, (rate, used, errors, more) => {
        const [a, b, c, d] = begin([1, 1, 1, 1], AT_ONCE)
        hear(a, rate, used, errors)
        hear(b, rate, used + more, errors)
        hear(c, rate, used, errors + more)
        hear(d, rate + more, used, errors)
        const [weight, busier, worse, better] = floats(strategy, 'weight')
        expect(busier).toBeLessThan(weight)
        expect(worse).toBeLessThan(weight)
        expect(better).toBeGreaterThan(weight)
      }),
    )
  })

  test('stays as it is when a report has nothing to say of it', () => {
    const [a, b] = begin([1, 1], AT_ONCE)
    hear(a, 100, 0.5)
    hear(b, 100, 1)
    for (const [rate, used] of [
      [0, 0.5],
      [NaN, 0.5],
      [100, 0],
      [100, NaN],
      [-1, -1],
    ])
      hear(b, rate, used)
    later(1000)
    expect(proportions()).toEqual([1, 0.5])
  })

  test('is in range whatever is said', () => {
    const [a, b] = begin([1, 1], AT_ONCE)
    hear(a, 1e300, 1e-300)
    hear(b, 1e-300, 1e300)
    later(1000)
    strategy.pick(0, 0)
    expect(inside.weights).toEqual([2, 0.001])
  })

  test('is a number even if all servers report next to nothing', () => {
    const [a, b] = begin([1, 1], AT_ONCE)
    for (const server of [a, b]) hear(server, 5e-324, 1e9)
    later(1000)
    strategy.pick(0, 0)
    expect(inside.weights).toEqual([1, 1])
  })
})

describe('a server', () => {
  /** Weights are worked out at every pick. */
  const ALWAYS = { period: 0.001 }

  test('is not trusted in the first ten seconds', () => {
    const [a, b] = begin([1, 1], ALWAYS)
    hear(a, 100, 1)
    hear(b, 200, 1)
    later(9999)
    expect(proportions()).toEqual([1, 1])
    hear(b, 300, 1)
    later(1)
    expect(proportions()).toEqual([1, 3])
  })

  test('is forgotten after three minutes of silence, and begins anew', () => {
    const [a, b] = begin([1, 1], ALWAYS)
    hear(a, 100, 1)
    hear(b, 200, 1)
    later(60_000)
    hear(a, 100, 1)
    later(119_999)
    expect(proportions()).toEqual([1, 2])
    later(1)
    expect(proportions()).toEqual([1, 1])
    hear(b, 200, 1) // A moment too late.
    later(9999)
    expect(proportions()).toEqual([1, 1])
    later(1)
    expect(proportions()).toEqual([1, 2])
  })

  for (const [unknown, weight] of [
    ['mean', 4],
    ['median', 2],
  ] as const) {
    test(`that is not known counts as the ${unknown} of the others`, () => {
      const [a, b, c] = begin([1, 1, 1, 1], { ...AT_ONCE, unknown })
      hear(a, 1, 1)
      hear(b, 2, 1)
      hear(c, 9, 1)
      later(1000)
      expect(proportions()).toEqual([1, 2, 9, weight])
    })
  }

  test('counts for its configured weight while fewer than two are known', () => {
    const [a] = begin([1, 2, 3], AT_ONCE)
    hear(a, 100, 1)
    later(1000)
    expect(proportions()).toEqual([1, 2, 3])
  })
})

test('a server that starts slowly gets the same part of a reported weight as of a configured one', () => {
  const [a, b] = begin([4, 4], AT_ONCE)
  hear(a, 100, 1)
  hear(b, 300, 1)
  b.weight = 1 // A quarter of the configured 4, so far.
  strategy.update(pool.servers)
  later(1000)
  expect(proportions()).toEqual([1, 0.75])
})

test('weights are worked out once a second, and told to the strategy inside if they changed', () => {
  const [a, b] = begin([1, 1], AT_ONCE)
  strategy.pick(0, 0)
  hear(a, 1, 1)
  hear(b, 2, 1)
  later(999)
  expect(proportions()).toEqual([1, 1])
  later(1)
  expect(proportions()).toEqual([1, 2])
  expect(inside.updates).toBe(2)
  later(1000)
  strategy.pick(0, 0)
  expect(inside.updates).toBe(2)
})

test('every server is asked on that occasion, and no more often', () => {
  const servers = begin([1, 1, 1])
  for (let i = 0; i < 5; i++) strategy.pick(0, 0)
  expect(pool.asked).toEqual(servers)
  later(1000)
  strategy.pick(0, 0)
  expect(pool.asked).toEqual([...servers, ...servers])
})

test('picks, answers and news go through', () => {
  const [a, b] = begin([1, 1])
  inside.index = 1
  expect(strategy.pick(4, 2)).toBe(b)
  strategy.settled(a, 3, 'ok')
  strategy.heard(a, SILENT)
  expect(inside.told).toEqual([
    ['pick', 4, 2],
    ['settled', a, 3, 'ok'],
    ['heard', a, SILENT],
  ])
})

test('the next server in the same slot is not known', () => {
  const [a, b, c] = begin([1, 1, 1], AT_ONCE)
  hear(a, 1, 1)
  hear(b, 2, 1)
  hear(c, 6, 1)
  pool.memory.claim(b.slot)
  later(1000)
  expect(proportions()).toEqual([1, 3.5, 6])
})
