import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { millisecondsOf } from '../../proxy/core/duration.ts'
import { isMapping, type Path, show, unknownKey } from '../../proxy/core/problems.ts'
import {
  findStrategy,
  resolveStrategy,
  type SpecProblem,
  STRATEGIES,
  type StrategySpec,
} from '../../proxy/strategies/index.ts'
import type { Kind } from './kinds.ts'

/** Deeper than strategies may be around each other, so that theirs is the word on it. Also the end of what is part of itself. */
const DEEPEST = 10

/** A strategy by its name, or a mapping of it and its options, whose times may have units. The registry judges. */
export const strategy: Kind = {
  says: 'a name, or a mapping of `name` and options',
  read(value, path, findings) {
    if (isMapping(value) && typeof value['name'] !== 'string') {
      const { name } = value
      if (name === undefined) findings.add([...path, 'name'], 'is required')
      else findings.add([...path, 'name'], `must be the name of a strategy, got ${show(name)}`)
      return value
    }
    if (!isMapping(value) && typeof value !== 'string') {
      findings.add(path, `must be the name of a strategy or a mapping, got ${show(value)}`)
      return value
    }
    const spec = inMilliseconds(value, 0) as StrategySpec
    const resolved = resolveStrategy(spec)
    if ('factory' in resolved) return spec
    for (const problem of resolved.problems) {
      const at = placeOf(problem, spec)
      findings.add([...path, ...at], textOf(problem, spec), problem.unknown)
    }
    return spec
  },
}

/** Whether it goes by keys: `undefined` where the spec is wrong. */
export function goesByKey(spec: StrategySpec): boolean | undefined {
  const resolved = resolveStrategy(spec)
  return 'factory' in resolved ? resolved.factory.keyed === true : undefined
}

function inMilliseconds(spec: unknown, depth: number): unknown {
  if (!isMapping(spec) || depth > DEEPEST) return spec
  const options = findStrategy(String(spec['name']))?.options ?? {}
  const entries = Object.entries(spec).map(([key, value]): [string, unknown] => {
    const option = Object.hasOwn(options, key) ? options[key] : undefined
    if (option?.strategy === true) return [key, inMilliseconds(value, depth + 1)]
    const time =
      option?.duration === true && typeof value === 'string' ? millisecondsOf(value) : undefined
    return [key, time ?? value]
  })
  return Object.fromEntries(entries)
}

/** The registry names a strategy's name where the spec is a text, too. */
function placeOf({ name, path }: SpecProblem, spec: StrategySpec): Path {
  if (name !== 'name') return path
  let at: unknown = spec
  for (const key of path) at = isMapping(at) ? at[key] : undefined
  return isMapping(at) ? [...path, 'name'] : path
}

function textOf({ name, path, rule, unknown, value }: SpecProblem, spec: StrategySpec): string {
  if (unknown) {
    let at: unknown = spec
    for (const key of path.slice(0, -1)) at = isMapping(at) ? at[key] : undefined
    const own = isMapping(at) ? findStrategy(String(at['name'])) : undefined
    return unknownKey(name, ['name', ...Object.keys(own?.options ?? {})])
  }
  const names = STRATEGIES.flatMap((each) => [each.name, ...each.aliases])
  const meant = name === 'name' && typeof value === 'string' ? didYouMean(value, names) : undefined
  return `${rule}, got ${show(value)}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`
}
