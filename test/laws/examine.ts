import fc from 'fast-check'
import { Finding } from './finding.ts'
import { LawBroken, type Trial } from './law.ts'
import { textOf } from './watched.ts'

/**
 * Tries what must hold on many examples. The body writes down what happens, and throws a `Finding`, or whatever the strategy
 * throws; the shortest story that still does becomes a `LawBroken`.
 */
export function examine<T>(
  trial: Trial,
  examples: fc.Arbitrary<T>,
  body: (example: T, story: string[]) => void,
): void {
  // The last failure that is seen is that of the shortest example. Playing it again would not do for a whimsical strategy.
  let failure: { error: unknown; story: string[] } | undefined
  const property = fc.property(examples, (example) => {
    const story: string[] = []
    try {
      body(example, story)
    } catch (error) {
      failure = { error, story }
      throw error
    }
  })
  const { anyStory = false, path, runs, seed } = trial
  const details = fc.check(property, {
    seed,
    numRuns: runs,
    endOnFailure: anyStory,
    ...(path !== undefined && path !== '' && { path }),
  })
  if (!details.failed) return
  throw broken(failure?.error, failure?.story ?? [], details.counterexamplePath ?? '')
}

/** Where there is nothing random: one example. */
export function once(body: (story: string[]) => void): void {
  const story: string[] = []
  try {
    body(story)
  } catch (error) {
    throw broken(error, story)
  }
}

export function broken(error: unknown, story: readonly string[] = [], path = ''): LawBroken {
  if (error instanceof LawBroken) return error
  if (error instanceof Finding) return new LawBroken(error.message, story, path, error.about)
  return new LawBroken(`it threw ${textOf(error)}`, story, path, 'totality')
}
