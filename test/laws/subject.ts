import { readOptions } from '../../proxy/core/options.ts'
import { STRATEGIES, type StrategyEntry } from '../../proxy/strategies/index.ts'
import { EXCUSES } from './excuses.ts'
import type { Subject } from './law.ts'

/** A strategy of the registry with these options, checked; the others, or all, as they are by themselves. */
export function subjectOf(
  entry: StrategyEntry,
  given: Readonly<Record<string, unknown>> = {},
): Subject {
  const { claims, name } = entry
  const { values } = readOptions(entry.options, given)
  const create: StrategyEntry['create'] = (context) => entry.create(context, values)
  return {
    name,
    factory: { ...entry, create },
    claims,
    excuses: EXCUSES[name] ?? {},
    ...(claims.includes('capped') && { cap: values.factor as number }),
    ...(claims.includes('choices') && {
      draws: { d: values.choices as number, again: values.replacement as boolean },
    }),
  }
}

export const REGISTRY: readonly Subject[] = STRATEGIES.map((entry) => subjectOf(entry))
