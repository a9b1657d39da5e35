import { ByDeadline } from './by-deadline.ts'
import { mutant } from './mutant.ts'

/** Takes the next deadline from now and not from the last one: what is lost in a tie is lost for good. */
class LateDeadlines extends ByDeadline {
  protected override after(deadline: number): number {
    return Math.ceil(deadline) // Now, in whole units of time.
  }
}

export const lateDeadlines = mutant(
  {
    name: 'deadlines that are late',
    caughtBy: 'deadlines',
    claims: ['deadlines'],
    promise: 'weight',
  },
  LateDeadlines,
)
