import type { Claim } from '../../proxy/core/claims.ts'
import type { Strategy, StrategyContext, StrategyFactory } from '../../proxy/core/strategy.ts'
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

/**
 * What a user's module may export as its default: the class itself, which is made from a context, or a factory with what else
 * there is to say.
 */
export type OwnStrategy =
  | (new (context: StrategyContext) => Strategy)
  | (Partial<StrategyFactory> & {
      readonly name?: string
      readonly claims?: readonly Claim[]
      readonly excuses?: Readonly<Record<string, string>>
      readonly cap?: number
      create(context: StrategyContext): Strategy
    })

/** The strategy of a user's module; `name` is what it is called where it does not say. Throws a `TypeError` in plain words. */
export function subjectOfModule(module: { readonly default?: unknown }, name: string): Subject {
  const own = module.default
  if (typeof own === 'function') {
    const kind = own as new (context: StrategyContext) => Strategy
    const create = (context: StrategyContext): Strategy => new kind(context)
    return { name, factory: { promise: 'adaptive', create }, claims: [], excuses: {} }
  }
  if (typeof own === 'object' && own !== null && 'create' in own) {
    if (typeof own.create !== 'function') throw new TypeError('its `create` must be a function')
    const given = own as Exclude<OwnStrategy, new (context: StrategyContext) => Strategy>
    const factory: StrategyFactory = {
      promise: given.promise ?? 'adaptive',
      keyed: given.keyed ?? false,
      create: (context) => given.create(context),
    }
    const { cap, claims = [], excuses = {} } = given
    return { name: given.name ?? name, factory, claims, excuses, ...(cap !== undefined && { cap }) }
  }
  throw new TypeError(
    'it must export by default a class that is made from a context, or an object with `create`',
  )
}
