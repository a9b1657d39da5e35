import { dealt } from '../../../dashboard/learn/deal.ts'
import { findOut, type LessonRunner } from '../../../dashboard/learn/find-out.ts'
import { yours } from '../../../dashboard/learn/guess.ts'
import type { Case, Found, Lesson } from '../../../dashboard/learn/lesson.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { replicate } from '../../../simulator/study/replication.ts'

function inNode(scenario: Scenario, cases: readonly Case[]): LessonRunner {
  return {
    run({ contender, seed, warmup }) {
      const { order, strategy } = cases[contender]
      const factory = order === undefined ? undefined : dealt(order)
      return Promise.resolve(replicate({ ...scenario, seed, strategy, warmup }, factory))
    },
    stop() {},
  }
}

/** What a lesson comes to; of an order that a reader laid as well. */
export async function foundInNode(lesson: Lesson, order?: readonly number[]): Promise<Found> {
  const { cases, measure, reps } = lesson
  const found = await findOut(cases, measure, reps, inNode)
  if (order === undefined) return found
  return { ...found, ...(await findOut([yours(lesson, order)], measure, reps, inNode)) }
}
