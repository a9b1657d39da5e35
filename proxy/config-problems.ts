import type { core } from 'zod'
import { isMapping, type Path, type Problem, show, unknownKey } from './core/problems.ts'

/** Keys whose values are nobody's to read. */
const SECRETS = ['token', 'secret']

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
      // The short form or the long one: see `either` in config-shapes.ts. A mapping was meant to be the long one.
      const form = isMapping(issue.input) ? issue.errors.length - 1 : 0
      return problemsOf(issue.errors[form], path)
    }
    // A secret that is wrong is likely near to one that is right.
    if (SECRETS.some((key) => path.includes(key))) return [{ path, text: issue.message }]
    if (issue.input === undefined) return [{ path, text: 'is required' }]
    return [{ path, text: `${issue.message}, got ${show(issue.input)}` }]
  })
}
