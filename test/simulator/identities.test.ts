/**
 * What holds exactly, whatever the dice show: queues against recursions of two lines. No tolerance anywhere: the recursion makes the very
 * additions that the simulator makes, or all times are whole numbers, whose sums are exact.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../../proxy/core/clock.ts'
import type { Endpoint } from '../../proxy/core/endpoint.ts'
import { Rng } from '../../proxy/core/rng.ts'
import type { Recorder } from '../../proxy/core/recorder.ts'
import type { Strategy, StrategyFactory } from '../../proxy/core/strategy.ts'
import { findStrategy } from '../../proxy/strategies/index.ts'
import { Batch } from '../../simulator/batch.ts'
import { type DistributionSpec, source } from '../../simulator/distributions.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Simulation } from '../../simulator/simulation.ts'
import { plain } from './story.ts'

/** When jobs came, what they were, and when they left: by number of job. */
interface Jobs {
  readonly came: readonly number[]
  readonly work: readonly number[]
  readonly left: number[]
  readonly server: number[]
}

/** Notes when each job leaves. Servers are first come first served, so the n-th to leave one is the n-th that was sent there. */
class Departures implements Recorder {
  clock: Clock | undefined
  readonly bySlot: number[][] = []
  response = 0

  attempt({ slot }: Endpoint): void {
    this.bySlot[slot] ??= []
    this.bySlot[slot].push(this.clock!.now)
  }

  request(latency: number): void {
    this.response += latency
  }

  tick(): void {}
}

/** Lets a strategy choose, and writes down what it chose. */
function noting(factory: StrategyFactory, picks: number[]): StrategyFactory {
  return {
    ...factory,
    create: (context) => {
      const strategy = factory.create(context)
      const noted: Strategy = {
        name: strategy.name,
        update: (servers) => strategy.update(servers),
        settled: (server, latency, outcome) => strategy.settled(server, latency, outcome),
        pick: (key, attempt) => {
          const server = strategy.pick(key, attempt)
          picks.push(server.slot)
          return server
        },
      }
      return noted
    },
  }
}

function run(
  times: readonly number[],
  more: Partial<Scenario> & { work?: DistributionSpec },
): Jobs {
  const scenario = plain(times, more)
  const spec = more.work ?? { type: 'constant', value: 10 }
  const picks: number[] = []
  const recorder = new Departures()
  const factory = findStrategy(scenario.strategy as string)!
  const simulation = new Simulation(scenario, recorder, { strategy: noting(factory, picks) })
  recorder.clock = simulation.clock
  simulation.run()
  const draws = new Batch(source(spec, new Rng(scenario.seed).fork('work')))
  const next = recorder.bySlot.map(() => 0)
  const server = times.map((_, job) => picks[job] ?? 0) // One server alone is not picked.
  return {
    came: times,
    work: times.map(() => draws.next()),
    server,
    left: server.map((slot) => recorder.bySlot[slot][next[slot]++]),
  }
}

const REAL: DistributionSpec = { type: 'exponential', mean: 10 }
const WHOLE: DistributionSpec = { type: 'empirical', values: [0, 1, 2, 3, 5, 8, 40] }

const seed = fc.nat(1e9)
const realTimes = fc
  .array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 150 })
  .map((times) => times.toSorted((a, b) => a - b))
/** With many at the same time. */
const wholeTimes = fc
  .array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 150 })
  .map((times) => times.toSorted((a, b) => a - b))

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

describe('Lindley', () => {
  test('one server, first come first served: each leaves its work after it came, or after the one before it left', () => {
    fc.assert(
      fc.property(seed, realTimes, (seed, times) => {
        const { came, left, work } = run(times, { seed, work: REAL, strategy: 'random' })
        let free = 0
        came.forEach((at, job) => {
          free = Math.max(at, free) + work[job]
          expect(left[job]).toBe(free)
        })
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  test('so does each of several, whatever strategy deals the jobs out', () => {
    const names = ['random', 'round_robin', 'power_of_two', 'least_connections', 'peak_ewma']
    fc.assert(
      fc.property(seed, realTimes, fc.constantFrom(...names), (seed, times, strategy) => {
        const more = { seed, work: REAL, strategy, servers: [{ count: 4 }] }
        const { came, left, server, work } = run(times, more)
        const free = [0, 0, 0, 0]
        came.forEach((at, job) => {
          const slot = server[job]
          free[slot] = Math.max(at, free[slot]) + work[job]
          expect(left[job]).toBe(free[slot])
        })
      }),
      { numRuns: 60, seed: 2 },
    )
  })
})

test('with a single server all strategies are the same queue', () => {
  fc.assert(
    fc.property(seed, realTimes, (seed, times) => {
      const of = (strategy: string): number[] => run(times, { seed, work: REAL, strategy }).left
      const first = of('random')
      for (const name of ['round_robin', 'power_of_two', 'least_work', 'prequal', 'maglev']) {
        expect(of(name)).toEqual(first)
      }
    }),
    { numRuns: 20, seed: 3 },
  )
})

test('round robin and constant work make one queue M/D/n: each leaves S after it came, or after the n-th before it left', () => {
  fc.assert(
    fc.property(realTimes, fc.integer({ min: 2, max: 7 }), (times, n) => {
      const { left } = run(times, { servers: [{ count: n }], strategy: 'round_robin' })
      const expected: number[] = []
      times.forEach((at, job) => expected.push(Math.max(at, expected[job - n] ?? 0) + 10))
      expect(left).toEqual(expected)
    }),
    { numRuns: 60, seed: 4 },
  )
})

test('least work left is one queue in front of n servers, job by job', () => {
  fc.assert(
    fc.property(seed, wholeTimes, fc.integer({ min: 2, max: 5 }), (seed, times, n) => {
      const more = { seed, work: WHOLE, servers: [{ count: n }], strategy: 'least_work' }
      const { came, left, work } = run(times, more)
      const free = Array.from({ length: n }, () => 0)
      came.forEach((at, job) => {
        const soonest = free.indexOf(Math.min(...free))
        free[soonest] = Math.max(at, free[soonest]) + work[job]
        expect(left[job]).toBe(free[soonest])
      })
    }),
    { numRuns: 100, seed: 5 },
  )
})

test('one server with n workers is that queue, too', () => {
  fc.assert(
    fc.property(seed, wholeTimes, fc.integer({ min: 1, max: 5 }), (seed, times, n) => {
      const recorder = new Departures()
      const scenario = plain(times, { seed, work: WHOLE, servers: [{ workers: n }] })
      const simulation = new Simulation(scenario, recorder)
      recorder.clock = simulation.clock
      simulation.run()
      const more = {
        seed,
        work: WHOLE,
        servers: [{ count: Math.max(2, n) }],
        strategy: 'least_work',
      }
      // With several workers jobs overtake each other: the same times, in order of time.
      if (n > 1) {
        const several = run(times, more).left.toSorted((a, b) => a - b)
        expect(recorder.bySlot[0]).toEqual(several)
      } else {
        expect(recorder.bySlot[0]).toEqual(run(times, { seed, work: WHOLE }).left)
      }
    }),
    { numRuns: 60, seed: 6 },
  )
})

describe('on a path that begins and ends empty', () => {
  /** The sums of whole numbers are exact, in whatever order they are made: so are these two. */
  test('Little: the integral of the number in hand is the sum of all response times; busy time is the sum of all work', () => {
    const disciplines = ['fifo', 'lifo', 'infinite'] as const
    fc.assert(
      fc.property(
        seed,
        wholeTimes,
        fc.constantFrom(...disciplines),
        fc.integer({ min: 1, max: 3 }),
        (seed, times, discipline, workers) => {
          const servers = [{ count: 3, discipline, workers }]
          const scenario = plain(times, { seed, work: WHOLE, servers, strategy: 'random' })
          const recorder = new Departures()
          const simulation = new Simulation(scenario, recorder)
          recorder.clock = simulation.clock
          simulation.run()
          const { stations } = simulation
          expect(sum(stations.map(({ occupancy }) => occupancy.present))).toBe(recorder.response)
          const draws = new Batch(source(WHOLE, new Rng(seed).fork('work')))
          const work = sum(times.map(() => draws.next()))
          expect(sum(stations.map(({ occupancy }) => occupancy.busy))).toBe(work)
        },
      ),
      { numRuns: 100, seed: 7 },
    )
  })

  /** Each sum of m doubles is off by at most m 2^-53 of itself: all terms are positive. Higham, "Accuracy and Stability of Numerical
   * Algorithms", 2nd edition, 2002, section 4.2. A difference of two times is off by at most 2^-52 of the later one. */
  test('Little holds for real times, but for rounding, which has a bound', () => {
    fc.assert(
      fc.property(seed, realTimes, (seed, times) => {
        const servers = [{ count: 2, discipline: 'sharing' as const }]
        const scenario = plain(times, { seed, work: REAL, servers, strategy: 'random' })
        const recorder = new Departures()
        const simulation = new Simulation(scenario, recorder)
        recorder.clock = simulation.clock
        simulation.run()
        const present = sum(simulation.stations.map(({ occupancy }) => occupancy.present))
        const events = 2 * times.length
        const bound = 2 * events * 2 ** -52 * (recorder.response + events * simulation.clock.now)
        expect(Math.abs(present - recorder.response)).toBeLessThanOrEqual(bound)
      }),
      { numRuns: 60, seed: 8 },
    )
  })
})

describe('processor sharing', () => {
  test('of equal jobs that come together all leave when all the work is done', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 4 }),
        (jobs, workers) => {
          const servers = [{ discipline: 'sharing' as const, workers }]
          const { left } = run(
            Array.from({ length: jobs }, () => 0),
            { servers },
          )
          const rounds = Math.max(1, jobs / workers)
          for (const at of left) expect(at).toBeCloseTo(10 * rounds, 9)
        },
      ),
      { numRuns: 40, seed: 9 },
    )
  })

  test('takes as long for all the work together as first come first served', () => {
    fc.assert(
      fc.property(seed, realTimes, (seed, times) => {
        const ends = (discipline: 'fifo' | 'sharing'): number =>
          run(times, { seed, work: REAL, servers: [{ discipline }] }).left.at(-1)!
        const last = ends('fifo')
        expect(Math.abs(ends('sharing') - last)).toBeLessThanOrEqual(last * times.length * 2 ** -50)
      }),
      { numRuns: 60, seed: 10 },
    )
  })
})
