import { Rng } from '../../proxy/core/rng.ts'
import { type RunResult, simulate } from '../../simulator/result.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { disturbancesOf, latenessOf } from '../world/disturbances.ts'
import { type LiveRun, runLive } from '../world/live-run.ts'
import { type Calibration, calibrationOf, networkOf, type Spread } from './calibration.ts'

/**
 * How often each run is foretold. What is measured is one more of these if the model is right, and then it is outside of all of them in one
 * case of twenty: 2 / (39 + 1).
 */
const TIMES = 39

/** A scenario as it was and as it was foretold: the same seed, so the same arrivals, work, keys and dice. */
export interface Pair {
  readonly seed: number
  readonly measured: RunResult
  /** As often as it was foretold, each time with other dice for the ways: nobody can know how long they take this time. */
  readonly predicted: readonly RunResult[]
  /** Foretold without a calibration: as if nothing took time but service. */
  readonly bare: RunResult
  /** What the way took in this run. */
  readonly out: Spread
  readonly back: Spread
  /** How late requests were sent, at p99, in milliseconds. */
  readonly lateness: number
  readonly lags: LiveRun['lags']
  /** Why this run proves nothing; empty if it may. */
  readonly disturbed: readonly string[]
}

export async function pairOf(
  scenario: Scenario,
  calibration: Calibration,
  interrupted?: Promise<void>,
): Promise<Pair> {
  const live = await runLive(scenario, interrupted)
  const { back, out } = calibrationOf(live, scenario.warmup ?? 0)
  return {
    seed: scenario.seed,
    measured: live.result,
    predicted: foretold({ ...scenario, network: networkOf(calibration) }),
    bare: simulate(scenario),
    out,
    back,
    lateness: latenessOf(live),
    lags: live.lags,
    disturbed: disturbancesOf(live),
  }
}

function foretold(scenario: Scenario): RunResult[] {
  const rng = new Rng(scenario.seed)
  return Array.from({ length: TIMES }, (_, i) =>
    simulate(scenario, { networkDice: rng.fork(`network ${i}`) }),
  )
}
