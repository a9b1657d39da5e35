import { readOptions } from '../../proxy/core/options.ts'
import { STRATEGIES, type StrategyEntry } from '../../proxy/strategies/index.ts'
import { EXCUSES } from './excuses.ts'
import type { Fleet, Subject } from './law.ts'

/** A strategy of the registry with these options, checked; the others, or all, as they are by themselves. */
export function subjectOf(
  entry: StrategyEntry,
  given: Readonly<Record<string, unknown>> = {},
): Subject {
  const { claims, name } = entry
  const { values } = readOptions(entry.options, given)
  const create: StrategyEntry['create'] = (context) => entry.create(context, values)
  const fleet: Fleet = (client, clients, size) => {
    const own = { ...values, over: 'weighted_round_robin', client, clients, size }
    return { ...entry, create: (context) => entry.create(context, own) }
  }
  return {
    name,
    factory: { ...entry, create },
    claims,
    excuses: EXCUSES[name] ?? {},
    ...(claims.includes('capped') && { cap: values.factor as number }),
    ...(claims.includes('choices') && {
      draws: { d: values.choices as number, again: values.replacement as boolean },
    }),
    ...('clients' in entry.options && { fleet }),
  }
}

export const REGISTRY: readonly Subject[] = STRATEGIES.map((entry) => subjectOf(entry))
