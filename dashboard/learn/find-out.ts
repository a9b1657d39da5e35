import type { Scenario } from '../../simulator/scenario.ts'
import { interval } from '../../simulator/statistics/interval.ts'
import type { Contender, Ours } from '../../simulator/study/contender.ts'
import { type Runner, study } from '../../simulator/study/study.ts'
import type { Case, Figure, Found, Measure } from './lesson.ts'

/** Who runs the cases of one scenario; to be stopped when they are done. */
export interface LessonRunner extends Runner {
  stop(): void
}

export type MakeRunner = (scenario: Scenario, cases: readonly Case[]) => LessonRunner

/**
 * Runs all cases, each `reps` times, those of one scenario as one study: its seeds and its pairs are those of the command line. Scenarios one after
 * the other, since each has workers of its own.
 */
export async function findOut(
  cases: readonly Case[],
  { of }: Measure,
  reps: number,
  makeRunner: MakeRunner,
): Promise<Found> {
  const found: Record<string, Figure> = {}
  for (const [scenario, together] of Map.groupBy(cases, (each) => each.scenario)) {
    const runner = makeRunner(scenario, together)
    try {
      const question = {
        scenario,
        warnings: [],
        contenders: together.map((each) => contenderOf(each)),
        reps,
        warmup: scenario.warmup ?? 0,
        precision: undefined,
        maxReps: reps,
      }
      const { standings } = await study(question, runner, () => false)
      standings.forEach(({ runs }, i) => {
        const values = runs.map(of)
        found[together[i].id] = { ...interval(values), values }
      })
    } finally {
      runner.stop()
    }
  }
  return found
}

/** As studies know it. Of an order it is only the name that counts. */
export function contenderOf({ label, strategy }: Case): Ours & Contender {
  return { label, spec: strategy }
}
