import { judge } from './judge.ts'
import type { Subject, Trial } from './law.ts'

/** `evenkeel/laws`: the laws, for tests of strategies that are in no registry. */
export { judge, LAWS } from './judge.ts'
export { type Law, LawBroken, type Subject, type Trial, type Verdict } from './law.ts'

/** What is to be known of a strategy before: what it is made by, and what it claims. */
export type Candidate = Pick<Subject, 'name' | 'factory'> & Partial<Subject>

/**
 * Holds a strategy to every law that concerns it: those of all, and those of what it claims. Throws the first `LawBroken`, whose message says
 * what was found, and how it came to that. The same seed finds the same.
 */
export function hold(candidate: Candidate, trial: Partial<Trial> = {}): void {
  const subject = { claims: [], excuses: {}, ...candidate }
  for (const verdict of judge(subject, { seed: 1, runs: 100, ...trial })) {
    if (verdict.result !== 'broken') continue
    const { error, law } = verdict
    error.message = [
      `${subject.name} breaks the law "${law.id}": it ${law.title}`,
      error.finding,
      ...error.story,
    ].join('\n')
    throw error
  }
}
