import type { StrategyFactory } from '../proxy/core/strategy.ts'
import { resolveStrategy, type StrategySpec } from '../proxy/strategies/index.ts'

/** Throws a `RangeError` that says all that is wrong with the spec. */
export function strategyOf(spec: StrategySpec): StrategyFactory {
  const resolved = resolveStrategy(spec)
  if ('factory' in resolved) return resolved.factory
  const faults = resolved.problems.map(
    ({ path, name, rule }) => `${['strategy', ...path].join('.')}: ${name} ${rule}`,
  )
  throw new RangeError(faults.join('; '))
}
