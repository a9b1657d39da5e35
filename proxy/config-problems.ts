import type { core } from 'zod'
import type { Path } from './config-sources.ts'
import { didYouMean } from './did-you-mean.ts'

/** One thing that is wrong, and where. */
export interface Problem {
  readonly path: Path
  /** What is wrong there: `must be at least 0, got -3`. */
  readonly text: string
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean
}

/** What zod found, a problem each, in our words: the rule, then what was given. */
export function problemsOf(issues: readonly core.$ZodIssue[], above: Path = []): Problem[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...(issue.path as Path)]
    if (issue.code === 'unrecognized_keys') {
      const known = issue.message.split(' ')
      return issue.keys.map((key) => ({
        path: [...path, key],
        text: unknownKey(key, known),
        atKey: true,
      }))
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      // The short form or the long one: see `either` in config-schema.ts. A mapping was meant to be the long one.
      const form = isMapping(issue.input) ? issue.errors.length - 1 : 0
      return problemsOf(issue.errors[form], path)
    }
    if (issue.input === undefined) return [{ path, text: 'is required' }]
    return [{ path, text: `${issue.message}, got ${show(issue.input)}` }]
  })
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value in a few words, on one line, without any password that a URL may carry. */
export function show(value: unknown): string {
  if (Array.isArray(value)) {
    const plain = value.length < 5 && value.every((item) => typeof item !== 'object')
    return plain ? `[${value.map(show).join(', ')}]` : 'a list'
  }
  if (isMapping(value)) return 'a mapping'
  if (typeof value !== 'string') return String(value)
  const safe = value.replace(/\/\/.*@/, '//***@')
  return JSON.stringify(safe.length > 80 ? `${safe.slice(0, 80)}…` : safe)
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known)
  if (meant !== undefined) return `is not a key: did you mean ${meant}?`
  return `is not a key: there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`
}
