import { seedsOf } from '../../simulator/study/seeds.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Ours } from '../../simulator/study/contender.ts'
import { runLive } from '../world/live-run.ts'
import { type Calibration, calibrationOf } from './calibration.ts'
import { type Finding, findingOf } from './findings.ts'
import type { Verdicts } from './judging.ts'
import { type Pair, pairOf } from './pair.ts'
import { type Ranking, RANKED, rankingOf } from './ranking.ts'
import { CALIBRATION } from './scenarios.ts'

/** What was foretold of some scenarios, and what was measured. */
export interface Twins {
  /** Undefined if somebody did not want to wait for it. */
  readonly calibration: Calibration | undefined
  readonly scenarios: readonly TwinsOfScenario[]
  readonly interrupted: boolean
}

export interface TwinsOfScenario {
  readonly scenario: Scenario
  readonly findings: readonly Finding[]
  readonly rankings: readonly Ranking[]
  /** What was asked of it beside the goal, and the command that comes to that again. */
  readonly asked?: { readonly verdicts: readonly Verdicts[]; readonly again: string }
}

export interface TwinQuestion {
  readonly scenarios: readonly Scenario[]
  readonly contenders: readonly Ours[]
  readonly reps: number
  /** How long the calibration takes, in milliseconds; or one that was made before. */
  readonly calibrate: number | Calibration
}

export interface TwinWatcher {
  /** Resolves when somebody does not want to wait. */
  readonly interrupted: Promise<void>
  /** So many live runs of all are done. */
  onRun(done: number, all: number): void
}

/** Calibrates on one run, and then measures and foretells others. The strategies take turns, so that a slow minute hits all of them. */
export async function twins(question: TwinQuestion, watcher: TwinWatcher): Promise<Twins> {
  const { calibrate, contenders, reps, scenarios } = question
  let stopped = false
  void watcher.interrupted.then(() => (stopped = true))
  const before = typeof calibrate === 'number' ? 1 : 0
  const all = scenarios.length * contenders.length * reps + before
  let done = 0
  const calibration =
    typeof calibrate === 'number' ? await calibrated(calibrate, watcher.interrupted) : calibrate
  if (stopped || calibration === undefined)
    return { calibration: undefined, scenarios: [], interrupted: true }
  if (before > 0) watcher.onRun(++done, all)
  const found: TwinsOfScenario[] = []
  for (const scenario of scenarios) {
    const pairs = contenders.map((): Pair[] => [])
    for (const seed of seedsOf(scenario.seed, reps)) {
      for (const [i, { spec }] of contenders.entries()) {
        if (stopped) break
        const asked = { ...scenario, seed, strategy: spec }
        const pair = await pairOf(asked, calibration, watcher.interrupted)
        if (!stopped) pairs[i].push(pair)
        watcher.onRun(++done, all)
      }
    }
    const findings = contenders.flatMap(({ label }, i) =>
      pairs[i].length === 0 ? [] : [findingOf(label, pairs[i])],
    )
    if (findings.length === 0) continue
    found.push({
      scenario,
      findings,
      rankings: stopped ? [] : RANKED.map((figure) => rankingOf(figure, findings)),
    })
  }
  return { calibration, scenarios: found, interrupted: stopped }
}

/** Undefined if somebody did not want to wait. */
async function calibrated(
  duration: number,
  interrupted: Promise<void>,
): Promise<Calibration | undefined> {
  let stopped = false
  void interrupted.then(() => (stopped = true))
  const warmup = Math.min(CALIBRATION.warmup ?? 0, duration / 4)
  const alone = await runLive({ ...CALIBRATION, duration, warmup }, interrupted)
  return stopped ? undefined : calibrationOf(alone, warmup)
}
