import type { Scenario } from '../../simulator/scenario.ts'
import { settles } from '../../simulator/offered-load.ts'
import { warmUp } from '../../simulator/statistics/warm-up.ts'
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
  // What comes again and again makes a level of its own.
  const once = events.some(({ every }) => every === undefined)
  return once || !LEVEL.has(arrivals.type) ? 'varying' : 'steady'
}

/** Of one strategy's runs, in a scenario that should find a level. */
export function drifts(runs: readonly Replication[]): boolean {
  const curve = meanCurve(runs)
  return curve.length > 0 && warmUp(curve).state === 'drifting'
}

/**
 * Where the warm-up of a pilot run ends, in milliseconds, rounded up, so that the figure can be given by hand. Only where it has an end: a run
 * that drifts will be told so.
 */
export function warmUpOf(pilot: Replication, duration: number): number {
  const curve = meanCurve([pilot])
  if (curve.length === 0) return 0
  const { cut, state } = warmUp(curve)
  return state === 'steady' ? Math.ceil((duration * cut) / SLICES) : 0
}
