import type { Scenario } from '../scenario.ts'
import { lateLoad } from '../late-load.ts'
import { settles } from '../offered-load.ts'
import { warmUp } from '../statistics/warm-up.ts'
import { meanCurve, SLICES } from './curve.ts'
import type { Replication } from './replication.ts'

/**
 * `steady`: there is a level to be measured. `varying`: the scenario itself changes on the way, so that figures are of its whole story.
 * `overloaded`: more arrives than can be served. `drifting`: response times go on rising, or falling, until the end. Of the last two
 * there is no mean: it would say how long the run was.
 */
export type Steadiness = 'steady' | 'varying' | 'overloaded' | 'drifting'

const LEVEL = new Set(['poisson', 'paced', 'bursts', 'closed'])

/** Without looking at any run. */
export function steadinessOf(scenario: Scenario): Steadiness {
  if (!settles(scenario)) return 'overloaded'
  const { arrivals, events = [] } = scenario
  // An event may leave behind what is too slow for what arrives.
  if (LEVEL.has(arrivals.type) && lateLoad(scenario)?.settles === false) return 'overloaded'
  // What comes again and again makes a level of its own.
  const once = events.some(({ every }) => every === undefined)
  return once || !LEVEL.has(arrivals.type) ? 'varying' : 'steady'
}

/** Of one strategy's runs, in a scenario that should find a level. */
export function drifts(runs: readonly Replication[]): boolean {
  const curve = meanCurve(runs)
  return curve.length > 0 && warmUp(curve).state === 'drifting' && moves(curve)
}

/**
 * From when on nothing happens any more, in milliseconds, where arrivals have a level, and at least half of what is measured comes after it;
 * else undefined.
 */
export function quietFrom({
  arrivals,
  duration,
  events = [],
  warmup = 0,
}: Scenario): number | undefined {
  if (events.length === 0 || !LEVEL.has(arrivals.type)) return undefined
  let last = 0
  for (const event of events) {
    if (event.every !== undefined) return undefined
    const lasts = 'pause' in event ? event.pause : 'restart' in event ? event.restart : 0
    last = Math.max(last, event.at + lasts)
  }
  return last <= (warmup + duration) / 2 ? last : undefined
}

/**
 * Whether response times go on rising after the last event, which is at that share of the curve. That they fall is no overload: queues that an
 * event left go down.
 */
export function rises(runs: readonly Replication[], from: number): boolean {
  const curve = meanCurve(runs)
  const part = curve.subarray(Math.ceil(from * curve.length))
  if (part.length === 0 || warmUp(part).state !== 'drifting') return false
  const [before, after] = quarters(part)
  return after > before * FAR
}

/**
 * Where the warm-up of a pilot run ends, in milliseconds, rounded up, so that the figure can be given by hand. 0 where it has no end: a run
 * that drifts will be told so.
 */
export function warmUpOf(pilot: Replication, duration: number): number {
  const curve = meanCurve([pilot])
  if (curve.length === 0) return 0
  const { cut, state } = warmUp(curve)
  if (state === 'drifting' && moves(curve)) return 0
  return Math.ceil((duration * Math.min(cut, SLICES / 2)) / SLICES)
}

/** By so much. A queue that grows evenly goes from the second quarter to the last by 7/3, one at a load of 1 by 1.5. */
const FAR = 1.25

/**
 * Whether the last quarter is far from the second one. A trend alone is not enough: the mean of many runs is so smooth that the last
 * thousandth of a warm-up is one.
 */
function moves(curve: Float64Array): boolean {
  const [before, after] = quarters(curve)
  return after > before * FAR || before > after * FAR
}

/** The second and the last. */
function quarters(curve: Float64Array): number[] {
  const size = Math.floor(curve.length / 4)
  return [1, 3].map((quarter) => {
    const part = curve.subarray(quarter * size, (quarter + 1) * size)
    return part.reduce((sum, value) => sum + value, 0)
  })
}
