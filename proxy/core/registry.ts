import type { Claim } from './claims.ts'
import {
  type Option,
  type OptionProblem,
  type Options,
  readOptions,
  type ValuesOf,
} from './options.ts'
import type { SharePromise, Strategy, StrategyContext, StrategyFactory } from './strategy.ts'

/** A strategy as a list of strategies has it. */
export interface StrategyEntry extends StrategyFactory {
  readonly name: string
  /** Names that other systems use, accepted as well. */
  readonly aliases: readonly string[]
  /** One line for lists and `--help`. */
  readonly summary: string
  /** What the laws hold it to, with its options as they are by themselves. */
  readonly claims: readonly Claim[]
  /** What can be set about it, by name. */
  readonly options: Options
  /** What is wrong with values that are right one by one: of its options, all of them. */
  check?(values: Readonly<Record<string, unknown>>): readonly OptionProblem[]
  /** It needs to know what only the simulator can. */
  readonly simulatorOnly?: boolean
  /** For one around another strategy (its option `over`): what it promises around one that promises this. */
  readonly around?: (promise: SharePromise) => SharePromise
  /** `values`: of its options, checked; without them, as they are by themselves. */
  create(context: StrategyContext, values?: Readonly<Record<string, unknown>>): Strategy
}

/** A strategy by its name, or with options: what configuration files and scenarios have. */
export type StrategySpec = string | { readonly name: string; readonly [option: string]: unknown }

/** Something is wrong with a `StrategySpec`. */
export interface SpecProblem extends OptionProblem {
  /** Where: `[]` for the whole, `['choices']`, `['over', 'choices']`. */
  readonly path: readonly string[]
}

/** Ties the options of an entry and what `create` gets together, so that the compiler sees that they fit. */
export function entry<O extends Options>(
  given: Omit<StrategyEntry, 'options' | 'check' | 'create' | 'claims'> & {
    claims?: readonly Claim[]
    options?: O
    check?(values: ValuesOf<O>): readonly OptionProblem[]
    create(context: StrategyContext, values: ValuesOf<O>): Strategy
  },
): StrategyEntry {
  const options = given.options ?? ({} as O)
  const fallbacks = readOptions(options).values
  return {
    claims: [],
    ...given,
    options,
    create: (context, values) => given.create(context, (values as ValuesOf<O>) ?? fallbacks),
  }
}

/** The option that says what a strategy is around. */
export function over(fallback: string): Option<StrategySpec> {
  const help = 'the strategy to use: a name, or a mapping with its options'
  const read = (value: unknown): StrategySpec | undefined =>
    typeof value === 'string' || isSpec(value) ? value : undefined
  return { fallback, help, range: 'a strategy', strategy: true, read }
}

function isSpec(value: unknown): value is Exclude<StrategySpec, string> {
  return (
    typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
  )
}

/** The strategy of that name or alias among those; undefined if there is none. */
export function findIn(
  strategies: readonly StrategyEntry[],
  name: string,
): StrategyEntry | undefined {
  return strategies.find((entry) => entry.name === name || entry.aliases.includes(name))
}

/** How many strategies may be around each other. */
const DEEPEST = 4

export type Resolved =
  | { factory: StrategyFactory; entry: StrategyEntry }
  | { problems: SpecProblem[] }

/** The strategy of that spec among those, with its options; or all that is wrong with it. `path`: where the spec is. */
export function resolveIn(
  strategies: readonly StrategyEntry[],
  spec: StrategySpec,
  path: readonly string[] = [],
): Resolved {
  const { name, ...given } = typeof spec === 'string' ? { name: spec } : spec
  const found = findIn(strategies, name)
  if (found === undefined) {
    const rule = `must be one of ${strategies.map((each) => each.name).join(', ')}`
    return { problems: [{ path, name: 'name', rule, value: name, unknown: false }] }
  }
  const { values, problems } = readOptions(found.options, given)
  if (problems.length === 0 && found.check !== undefined) problems.push(...found.check(values))
  const wrong: SpecProblem[] = problems.map((problem) => ({
    ...problem,
    path: [...path, problem.name],
  }))
  const inner =
    found.around === undefined
      ? undefined
      : resolveInner(strategies, values.over as StrategySpec, path)
  if (inner !== undefined && 'problems' in inner) wrong.push(...inner.problems)
  if (wrong.length > 0) return { problems: wrong }
  const create = (context: StrategyContext): Strategy => found.create(context, values)
  const factory = { ...found, create }
  if (found.around === undefined || inner === undefined || 'problems' in inner) {
    return { entry: found, factory }
  }
  const { promise, keyed } = inner.factory
  return {
    entry: inner.entry.simulatorOnly === true ? { ...found, simulatorOnly: true } : found,
    factory: { ...factory, promise: found.around(promise), ...(keyed === true && { keyed }) },
  }
}

function resolveInner(
  strategies: readonly StrategyEntry[],
  spec: StrategySpec,
  path: readonly string[],
): Resolved {
  const inside = [...path, 'over']
  if (inside.length < DEEPEST) return resolveIn(strategies, spec, inside)
  const rule = `must not be the ${DEEPEST + 1}th strategy around each other`
  return { problems: [{ path: inside, name: 'over', rule, value: spec, unknown: false }] }
}
