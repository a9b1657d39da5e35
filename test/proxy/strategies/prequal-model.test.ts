import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../proxy/core/endpoint.ts'
import type { ValuesOf } from '../../../proxy/core/options.ts'
import { OUTCOMES, type Outcome } from '../../../proxy/core/recorder.ts'
import { SILENT } from '../../../proxy/core/report.ts'
import { Rng } from '../../../proxy/core/rng.ts'
import { Prequal, type PREQUAL_OPTIONS } from '../../../proxy/strategies/prequal.ts'
import { Pool } from './pool.ts'
import { type Probe, PrequalModel } from './prequal-model.ts'

type Options = ValuesOf<typeof PREQUAL_OPTIONS>

/** What can happen. `which` chooses a server, also one that is away. */
type Step =
  | { readonly kind: 'pick' }
  | {
      readonly kind: 'hear'
      readonly which: number
      readonly inflight: number
      readonly latency: number
    }
  | {
      readonly kind: 'settle'
      readonly which: number
      readonly latency: number
      readonly outcome: Outcome
    }
  | { readonly kind: 'wait'; readonly time: number }
  | { readonly kind: 'update'; readonly away: readonly number[] }
  | { readonly kind: 'replace'; readonly which: number }

const which = fc.nat(11)
/** Small whole numbers: the pool meets ties all the time. */
const hear = fc.record({
  kind: fc.constant('hear' as const),
  which,
  inflight: fc.oneof({ weight: 9, arbitrary: fc.nat(6) }, fc.constant(NaN)),
  latency: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 50 }) }, fc.constant(NaN)),
})
const pick = fc.constant<Step>({ kind: 'pick' })
const wait = fc.record({
  kind: fc.constant('wait' as const),
  time: fc.constantFrom(1, 100, 500, 1000, 1001),
})
const update = fc.record({ kind: fc.constant('update' as const), away: fc.array(which) })
const replace = fc.record({ kind: fc.constant('replace' as const), which })
const settle = fc.record({
  kind: fc.constant('settle' as const),
  which,
  latency: fc.integer({ min: 0, max: 100 }),
  outcome: fc.constantFrom(...OUTCOMES),
})

const quiet: readonly fc.WeightedArbitrary<Step>[] = [
  { weight: 8, arbitrary: hear },
  { weight: 6, arbitrary: pick },
  { weight: 1, arbitrary: wait },
  { weight: 1, arbitrary: update },
]
const all: readonly fc.WeightedArbitrary<Step>[] = [
  ...quiet,
  { weight: 1, arbitrary: settle },
  { weight: 1, arbitrary: replace },
]

function lists(of: readonly fc.WeightedArbitrary<Step>[]): fc.Arbitrary<Step[]> {
  return fc.array(fc.oneof(...of), { maxLength: 150, size: 'max' })
}

const options = fc.record({
  pool: fc.integer({ min: 2, max: 8 }),
  probes: fc.constantFrom(0, 1, 1.5, 3, 20),
  remove: fc.constantFrom(0, 0.5, 1, 2),
  age: fc.constant(1000),
  hot: fc.constantFrom(0, 0.3, 0.5, 2 ** -0.25, 1),
  delta: fc.constantFrom(0, 0.5, 1, 3),
})
const size = fc.integer({ min: 2, max: 12 })

/** What is done with a strategy, and with the model of one. */
interface Played {
  update(servers: readonly Endpoint[]): void
  pick(): Endpoint
  settled(server: Endpoint, latency: number, outcome: Outcome): void
  /** Another server has moved into the slot. */
  replace?(slot: number): void
}

/** A pool of servers, and a strategy, or a model of one, over it. */
class Scene<S extends Played> {
  readonly pool: Pool
  readonly strategy: S
  eligible: readonly Endpoint[]
  private readonly hear: (strategy: S, server: Endpoint, inflight: number, latency: number) => void

  constructor(n: number, make: (pool: Pool) => S, hear: Scene<S>['hear']) {
    this.pool = new Pool(Array.from({ length: n }, () => 1))
    this.strategy = make(this.pool)
    this.hear = hear
    this.eligible = this.pool.servers
    this.strategy.update(this.eligible)
  }

  at(which: number): Endpoint {
    return this.pool.servers[which % this.pool.servers.length]
  }

  /** Gives who was picked, if that is the step. */
  play(step: Step): Endpoint | undefined {
    const { pool, strategy } = this
    if (step.kind === 'pick') return strategy.pick()
    if (step.kind === 'wait') pool.clock.now += step.time
    else if (step.kind === 'update') this.without(step.away)
    else {
      const server = this.at(step.which)
      if (step.kind === 'hear') this.hear(strategy, server, step.inflight, step.latency)
      else if (step.kind === 'settle') strategy.settled(server, step.latency, step.outcome)
      else {
        pool.memory.claim(server.slot)
        strategy.replace?.(server.slot)
      }
    }
    return undefined
  }

  /** Two are always there. */
  private without(away: readonly number[]): void {
    const gone = away.map((which) => this.at(which).slot)
    this.eligible = this.pool.servers.filter(({ slot }) => slot < 2 || !gone.includes(slot))
    this.strategy.update(this.eligible)
  }
}

function real(n: number, options: Options): Scene<Prequal> {
  return new Scene(
    n,
    (pool) => new Prequal(pool.context(new Rng(9)), options),
    (strategy, server, inflight, latency) =>
      strategy.heard(server, { ...SILENT, inflight, latency }),
  )
}

function model(n: number, options: Options): Scene<PrequalModel> {
  return new Scene(
    n,
    (pool) => new PrequalModel(pool.context(new Rng(9)), options),
    (strategy, ...news) => strategy.heard(...news),
  )
}

/** What the strategy remembers, oldest first. */
function probesOf({ strategy }: Scene<Prequal>): Probe[] {
  const { count, inflight, latency, slots, time, uses } = strategy['pool']
  return Array.from({ length: count }, (_, i) => ({
    slot: slots[i],
    current: strategy['known'][slots[i]] === 1,
    inflight: inflight[i],
    latency: latency[i],
    time: time[i],
    uses: uses[i],
  }))
}

test('prequal does what its definition says: the same picks, questions and pool, with the same dice', () => {
  fc.assert(
    fc.property(size, options, lists(all), (n, options, steps) => {
      const [one, other] = [real(n, options), model(n, options)]
      for (const step of steps) {
        expect(one.play(step)?.slot).toBe(other.play(step)?.slot)
        expect(probesOf(one)).toEqual(other.strategy.pool)
        expect(one.strategy['limit'][0]).toBe(other.strategy.limit)
      }
      expect(one.pool.asked.map(({ slot }) => slot)).toEqual(
        other.strategy.asked.map(({ slot }) => slot),
      )
    }),
    { numRuns: 150, seed: 1 },
  )
})

describe('the pool of probes', () => {
  test('is never larger than it may be, nor has anything too old to be used, or one server twice', () => {
    fc.assert(
      fc.property(size, options, lists(all), (n, options, steps) => {
        const scene = real(n, options)
        for (const step of steps) {
          const picked = scene.play(step)
          const probes = probesOf(scene)
          expect(probes.length).toBeLessThanOrEqual(options.pool)
          expect(new Set(probes.map(({ slot }) => slot)).size).toBe(probes.length)
          if (picked === undefined) continue
          for (const { time } of probes)
            expect(scene.pool.clock.now - time).toBeLessThanOrEqual(options.age)
        }
      }),
      { seed: 1 },
    )
  })

  test('lets none be used more often than (1 + δ) / ((1 - pool/n) · probes - remove), rounded up, and counts each use', () => {
    fc.assert(
      fc.property(size, options, lists(quiet), (n, options, steps) => {
        const { delta, pool, probes: asked, remove } = options
        const scene = real(n, options)
        let bound = Infinity
        let before: Probe[] = []
        /** By slot: how often its probe was used, and how often it may be. */
        const uses = new Map<number, { count: number; most: number }>()
        for (const step of steps) {
          const surplus = (1 - pool / scene.eligible.length) * asked - remove
          bound = surplus > 0 ? Math.max(1, Math.ceil((1 + delta) / surplus)) : Infinity
          if (step.kind === 'hear') uses.set(scene.at(step.which).slot, { count: 0, most: bound })
          const picked = scene.play(step)
          const after = probesOf(scene)
          const used = after.filter(({ inflight, slot, time }) =>
            before.some((old) => {
              return old.slot === slot && old.time === time && old.inflight !== inflight
            }),
          )
          if (picked !== undefined) {
            expect(used.length).toBeLessThanOrEqual(1)
            for (const { inflight, slot } of used) {
              expect(slot).toBe(picked.slot)
              expect(inflight).toBe(before.find((old) => old.slot === slot)!.inflight + 1)
              const use = uses.get(slot)!
              use.count++
              expect(use.count).toBeLessThanOrEqual(use.most)
            }
          }
          before = after
        }
      }),
      { seed: 1 },
    )
  })
})

describe.each([
  { hot: 0, what: 'the fewest requests in hand', of: ({ inflight }: Probe) => inflight },
  { hot: 1, what: 'the least latency', of: ({ latency }: Probe) => latency },
])('with Q = $hot', ({ hot, of }) => {
  test('a pick is that of $what in the pool, of two probes or more', () => {
    let compared = 0
    fc.assert(
      fc.property(size, options, lists(quiet), (n, options, steps) => {
        const scene = real(n, { ...options, hot })
        for (const step of steps) {
          const fresh = probesOf(scene).filter(
            ({ slot, time }) =>
              scene.pool.clock.now - time <= options.age &&
              scene.eligible.some((server) => server.slot === slot),
          )
          const picked = scene.play(step)
          if (picked === undefined || fresh.length < 2) continue
          const [best] = fresh.toSorted((a, b) => of(a) - of(b))
          expect(picked.slot).toBe(best.slot)
          compared++
        }
      }),
      { seed: 1 },
    )
    expect(compared).toBeGreaterThan(1000)
  })
})
