import { type RunResult, simulate } from '../../simulator/result.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { disturbancesOf, latenessOf } from '../world/disturbances.ts'
import { type LiveRun, runLive } from '../world/live-run.ts'
import { type Calibration, outsideOf, type Spread } from './calibration.ts'
import { foretell } from './foretell.ts'

/** A scenario as it was and as it was foretold: the same seed, so the same arrivals, work, keys and dice. */
export interface Pair {
  readonly seed: number
  readonly measured: RunResult
  /** As often as it was foretold: nobody can know how long the ways take this time. */
  readonly predicted: readonly RunResult[]
  /** Foretold without a calibration: as if nothing took time but service. */
  readonly bare: RunResult
  /** What the ways took in this run, there and back. */
  readonly ways: Spread
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
  return {
    seed: scenario.seed,
    measured: live.result,
    predicted: foretell(scenario, calibration),
    bare: simulate(scenario),
    ways: outsideOf(live, scenario.warmup ?? 0),
    lateness: latenessOf(live),
    lags: live.lags,
    disturbed: disturbancesOf(live),
  }
}
