import fc from 'fast-check'
import { expect } from 'vitest'
import { Balancer } from '../../proxy/core/balancer.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { Clock } from '../../proxy/core/clock.ts'
import { Endpoint } from '../../proxy/core/endpoint.ts'
import { OUTCOMES, type Outcome } from '../../proxy/core/recorder.ts'
import { Rng } from '../../proxy/core/rng.ts'

/** What every strategy must obey, whatever its idea. Checks a factory, throws if the law is broken. */
export interface Law {
  readonly title: string
  check(strategy: StrategyFactory): void
}

/** One thing that happens to a pool: a request begins, or one of those in flight ends, after some time. */
interface Step {
  wait: number
  key: number
  /** Which of those in flight ends; undefined: a request begins. */
  ends: number | undefined
  latency: number
  outcome: Outcome
}

const steps = fc.array(
  fc.record<Step>({
    wait: fc.nat(3000),
    key: fc.nat(0xffffffff),
    ends: fc.option(fc.nat(20), { nil: undefined }),
    latency: fc.double({ min: 0, max: 10_000, noNaN: true }),
    outcome: fc.constantFrom(...OUTCOMES),
  }),
  { maxLength: 60 },
)
const weights = fc.array(fc.constantFrom(0.25, 0.5, 1, 2, 3, 7), { minLength: 2, maxLength: 10 })

/** Plays the steps and gives back which server, by position, each request went to. */
function play(
  strategy: StrategyFactory,
  weights: readonly number[],
  steps: readonly Step[],
  name = (i: number): string => `s${i}`,
): number[] {
  const clock = new Clock(1000)
  const remainingWork = (server: Endpoint): number => server.inflight
  const balancer = new Balancer({ clock, rng: new Rng(3), strategy, remainingWork })
  weights.forEach((weight, i) => balancer.add(new Endpoint(name(i), { weight })))
  const open: Endpoint[] = []
  const picked: number[] = []
  for (const step of steps) {
    clock.now += step.wait
    if (step.ends === undefined) {
      const server = balancer.acquire(step.key, 0)!
      open.push(server)
      picked.push(balancer.servers.indexOf(server))
    } else if (open.length > 0) {
      const [server] = open.splice(step.ends % open.length, 1)
      balancer.release(server, step.latency, step.outcome)
    }
  }
  return picked
}

/** Requests that come one after the other, each done before the next. */
function oneByOne(count: number): Step[] {
  return Array.from({ length: count }, (_, i) => i).flatMap((key) => {
    const step = {
      wait: 1,
      key: Math.imul(key, 0x9e3779b1) >>> 0,
      latency: 10,
      outcome: 'ok',
    } as const
    return [
      { ...step, ends: undefined },
      { ...step, ends: 0 },
    ]
  })
}

function countsOf(
  strategy: StrategyFactory,
  weights: readonly number[],
  requests: number,
): number[] {
  const counts = weights.map(() => 0)
  for (const index of play(strategy, weights, oneByOne(requests))) counts[index]++
  return counts
}

export const LAWS: readonly Law[] = [
  {
    title: 'picks one of the servers it was given',
    check(strategy) {
      fc.assert(
        fc.property(weights, steps, (weights, steps) => {
          expect(play(strategy, weights, steps)).not.toContain(-1)
        }),
      )
    },
  },
  {
    title: 'picks the same again for the same seed and the same events',
    check(strategy) {
      fc.assert(
        fc.property(weights, steps, (weights, steps) => {
          expect(play(strategy, weights, steps)).toEqual(play(strategy, weights, steps))
        }),
      )
    },
  },
  {
    title: 'does not care what servers are called',
    check(strategy) {
      if (strategy.keyed === true) return // What they are called is all that keyed strategies know servers by.
      fc.assert(
        fc.property(weights, steps, (weights, steps) => {
          const renamed = play(strategy, weights, steps, (i) => `z${(i * 7) % 11}-renamed`)
          expect(renamed).toEqual(play(strategy, weights, steps))
        }),
      )
    },
  },
  {
    title: 'does not change when all weights are scaled',
    check(strategy) {
      // A point of a ring depends on its own server alone, so twice the weight has to mean twice the points. The other keyed
      // strategies do obey: see test/proxy/strategies/keyed.test.ts.
      if (strategy.keyed === true) return
      fc.assert(
        fc.property(weights, steps, fc.constantFrom(0.125, 2, 1024), (weights, steps, factor) => {
          const scaled = weights.map((weight) => weight * factor) // By powers of two: without rounding.
          expect(play(strategy, scaled, steps)).toEqual(play(strategy, weights, steps))
        }),
      )
    },
  },
  {
    title: 'reaches every idle server in the end',
    check(strategy) {
      for (const n of [2, 3, 5, 8]) {
        const counts = countsOf(
          strategy,
          Array.from({ length: n }, () => 1),
          200 * n,
        )
        expect(Math.min(...counts)).toBeGreaterThan(0)
      }
    },
  },
  {
    title: 'keeps its promise of shares',
    check(strategy) {
      if (strategy.promise === 'adaptive') return
      const weights = [4, 1, 2, 3]
      const requests = 20_000
      countsOf(strategy, weights, requests).forEach((count, i) => {
        const share = strategy.promise === 'equal' ? 1 / weights.length : weights[i] / 10
        // Five deviations of independent draws: one false alarm in two million, for a fixed seed.
        const deviation = Math.sqrt(requests * share * (1 - share))
        expect(Math.abs(count - requests * share)).toBeLessThan(5 * deviation)
      })
    },
  },
]
