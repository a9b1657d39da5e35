import { writeLink } from '../lab/setup/link.ts'
import type { Lesson } from './lesson.ts'

/** Where the Lab opens with what a lesson is about. */
export async function labLink({ lab: { scenario, strategies }, reps }: Lesson): Promise<string> {
  return `./lab.html${await writeLink({ scenario, strategies, reps })}`
}
