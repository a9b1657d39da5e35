import fc from 'fast-check'
import { OUTCOMES, type Outcome } from '../../proxy/core/recorder.ts'
import type { Report } from '../../proxy/core/report.ts'

/** A server of a plan. */
export interface ServerPlan {
  readonly weight: number
  /** The most requests in flight; `Infinity` for no limit. */
  readonly max: number
}

/** One thing that happens. `which` chooses among what there is at the time, so that shrinking stays easy. */
export type Step =
  | { readonly kind: 'request'; readonly key: number }
  | {
      readonly kind: 'retry'
      readonly key: number
      readonly attempt: number
      readonly avoid: readonly number[]
    }
  | {
      readonly kind: 'end'
      readonly which: number
      readonly latency: number
      readonly outcome: Outcome
    }
  | { readonly kind: 'hear'; readonly which: number; readonly report: Report }
  | { readonly kind: 'wait'; readonly time: number }
  | { readonly kind: 'tick' }
  | ({ readonly kind: 'add' } & ServerPlan)
  | { readonly kind: 'remove' | 'fail' | 'heal'; readonly which: number }
  | { readonly kind: 'weigh'; readonly which: number; readonly weight: number }

/** What a world begins with, and what happens in it. Plain data: the same plan can be played again, or in other ways. */
export interface Plan {
  readonly servers: readonly ServerPlan[]
  readonly steps: readonly Step[]
}

/** Keys at the edges, where a signed and an unsigned integer, or a table's first and last place, differ. */
const key: fc.Arbitrary<number> = fc.oneof(
  fc.nat(0xffffffff),
  fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff),
)

/** Whole numbers and quarters: their sums and products are exact, so bounds can be compared without tolerance. */
const weight: fc.Arbitrary<number> = fc.constantFrom(1, 1, 2, 3, 0.25, 0.5, 5, 7)

export const pool: fc.Arbitrary<readonly ServerPlan[]> = fc.array(
  weight.map((weight) => ({ weight, max: Infinity })),
  { minLength: 2, maxLength: 6 },
)

const which = fc.nat(9)
const latency = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constantFrom(0, 0.01, 30_000))
const load = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(NaN))
const part = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1, 1.5), fc.constant(NaN))
const report = fc.record<Report>({
  inflight: load,
  latency: fc.oneof(latency, fc.constant(NaN)),
  utilization: part,
  rate: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(NaN)),
  errorRate: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.constant(NaN)),
})

const request: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('request' as const), key })
const end: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('end' as const),
  which,
  latency,
  outcome: fc.constantFrom<Outcome>('ok', 'ok', ...OUTCOMES),
})
const wait: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('wait' as const),
  time: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1000, 60_000)),
})
const retry: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('retry' as const),
  key,
  attempt: fc.integer({ min: 1, max: 3 }),
  avoid: fc.array(which, { maxLength: 3 }),
})
const hear: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('hear' as const), which, report })
const tick: fc.Arbitrary<Step> = fc.constant({ kind: 'tick' })

/** The same servers throughout: requests come and go, time passes, news arrives. */
const calm: readonly fc.WeightedArbitrary<Step>[] = [
  { arbitrary: request, weight: 8 },
  { arbitrary: end, weight: 6 },
  { arbitrary: wait, weight: 2 },
  { arbitrary: retry, weight: 1 },
  { arbitrary: hear, weight: 1 },
  { arbitrary: tick, weight: 1 },
]

const newcomer = fc.tuple(weight, fc.constantFrom(1, 2, Infinity, Infinity))
const rough: readonly fc.WeightedArbitrary<Step>[] = [
  ...calm,
  {
    arbitrary: newcomer.map(([weight, max]) => ({ kind: 'add', weight, max }) as const),
    weight: 1,
  },
  {
    arbitrary: fc.record({ kind: fc.constantFrom('remove' as const, 'fail', 'heal'), which }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('weigh' as const),
      which,
      weight: fc.oneof(weight, fc.constant(0)),
    }),
    weight: 1,
  },
]

function plans(
  steps: readonly fc.WeightedArbitrary<Step>[],
  maxLength: number,
): fc.Arbitrary<Plan> {
  // Of the largest size, or most plans would be over before anything can go wrong.
  const list = fc.array(fc.oneof(...steps), { maxLength, size: 'max' })
  return fc.record({ servers: pool, steps: list })
}

export const calmPlans: fc.Arbitrary<Plan> = plans(calm, 60)
export const roughPlans: fc.Arbitrary<Plan> = plans(rough, 60)

/** Requests, news and time, for servers that somebody else chooses. */
export const calmSteps: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(...calm), {
  maxLength: 40,
  size: 'max',
})
