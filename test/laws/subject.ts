import { STRATEGIES, type StrategyEntry } from '../../proxy/strategies/index.ts'
import { EXCUSES } from './excuses.ts'
import type { Subject } from './law.ts'

/** A strategy of the registry, with its options as they are by themselves. */
export function subjectOf(entry: StrategyEntry): Subject {
  const { claims, name } = entry
  const excuses = EXCUSES[name] ?? {}
  return { name, factory: entry, claims, excuses }
}

export const REGISTRY: readonly Subject[] = STRATEGIES.map(subjectOf)
