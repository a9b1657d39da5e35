import type { Outcome } from '../../proxy/core/recorder.ts'
import type { LatencySummary } from '../../proxy/core/snapshot.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { resultOf } from '../result.ts'
import type { Scenario } from '../scenario.ts'
import { Simulation } from '../simulation.ts'
import { CurveRecorder } from './curve.ts'

/** What one run of one strategy came to. Times are milliseconds, shares from 0 to 1. */
export interface Replication {
  readonly seed: number
  /** What was measured, the warm-up left out. */
  readonly span: number
  readonly generated: number
  readonly underWay: number
  readonly requests: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly latency: LatencySummary | null
  readonly retries: number
  readonly fairness: number
  readonly servers: readonly ServerFigures[]
  readonly sums: Float64Array
  readonly counts: Float64Array
}

interface ServerFigures {
  readonly id: string
  readonly attempts: number
  readonly failed: number
  readonly share: number
  readonly utilization: number
  readonly inHand: number
}

/** In how many pieces a run is done, so that somebody can be told how far it is. */
export const PIECES = 20

/** Runs a scenario once. `onPiece` hears of each piece that is done, and how many requests came in it. */
export function replicate(
  scenario: Scenario,
  strategy: StrategyFactory | undefined,
  onPiece: (requests: number) => void = () => {},
): Replication {
  const { duration, warmup = 0 } = scenario
  const recorder = new CurveRecorder(warmup, duration)
  const simulation = new Simulation(scenario, recorder, strategy && { strategy })
  recorder.clock = simulation.clock
  let told = 0
  for (let piece = 1; piece <= PIECES; piece++) {
    simulation.run(piece === PIECES ? Infinity : (duration * piece) / PIECES)
    onPiece(simulation.clients.generated - told)
    told = simulation.clients.generated
  }
  const { fairness, generated, requests, retries, seed, servers, span, underWay } = resultOf(
    simulation,
    recorder,
  )
  return {
    seed,
    span,
    generated,
    underWay,
    requests: requests.count,
    outcomes: requests.outcomes,
    latency: requests.latency,
    retries,
    fairness,
    servers: servers.map(({ attempts, id, inHand, share, utilization }) => ({
      id,
      attempts: attempts.count,
      failed: attempts.count - attempts.outcomes.ok - attempts.outcomes.aborted,
      share,
      utilization,
      inHand,
    })),
    sums: recorder.sums,
    counts: recorder.counts,
  }
}
