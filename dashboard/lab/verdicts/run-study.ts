import type { Scenario } from '../../../simulator/scenario.ts'
import type { Standing } from '../../../simulator/study/comparison.ts'
import type { Ours } from '../../../simulator/study/contender.ts'
import { type Remark, remarksOf } from '../../../simulator/study/remarks.ts'
import type { Replay } from '../../../simulator/study/replay.ts'
import { csvReport } from '../../../simulator/study/report-csv.ts'
import { jsonReport } from '../../../simulator/study/report-json.ts'
import { study, type Study } from '../../../simulator/study/study.ts'
import { type VerdictWords, verdictWords } from '../../../simulator/study/verdict-words.ts'
import { StudyRunner } from '../study-runner.ts'

/** What a study came to, ready to be shown and given away. */
export interface Found {
  readonly study: Study
  readonly standings: readonly Standing[]
  /** Of each but the first, against the first. */
  readonly verdicts: readonly (readonly VerdictWords[])[]
  readonly remarks: readonly Remark[]
  /** Byte for byte what `evenkeel sim --format json` prints for the exported scenario. */
  readonly json: () => string
  readonly csv: () => string
}

export interface Asked {
  readonly scenario: Scenario
  readonly contenders: readonly Ours[]
  readonly warnings: readonly string[]
  readonly reps: number
  readonly replay?: Replay | undefined
}

export interface Running {
  readonly found: Promise<Found>
  stop(): void
}

/** As the command line asks by itself; see `questionOf` there. */
const MOST_REPS = 1000

/** Runs the study in workers. Stopped, it tells what was known until then. */
export function runStudy(asked: Asked, onProgress: (share: number) => void): Running {
  const { contenders, replay, reps, scenario, warnings } = asked
  const runner = new StudyRunner(scenario, contenders)
  // Pilots come first: all that is asked for until then is no more than they are.
  const least = contenders.length * reps
  runner.onProgress = (done, all) => onProgress(done / Math.max(all, least))
  let stopped = false
  const question = {
    scenario,
    warnings,
    replay,
    contenders,
    reps,
    warmup: scenario.warmup ?? ('auto' as const),
    precision: undefined,
    maxReps: MOST_REPS,
  }
  const found = study(question, runner, () => stopped)
    .then(foundOf)
    .finally(() => runner.stop())
  return {
    found,
    stop: () => {
      stopped = true
      runner.stop()
    },
  }
}

function foundOf(found: Study): Found {
  const { standings } = found
  const [first, ...others] = standings
  return {
    study: found,
    standings,
    verdicts: others.map((other) => verdictWords(other, first)),
    remarks: remarksOf(found),
    json: () => jsonReport(found, EVENKEEL_VERSION),
    csv: () => csvReport(found),
  }
}
