import { resolve } from 'node:path'
import { readDuration, Wrong } from './config-values.ts'
import { didYouMean } from './core/did-you-mean.ts'
import { isMapping, type Path, type Problem, show } from './core/problems.ts'
import { isStrategyPath } from './strategy-path.ts'
import type { StrategyFile, StrategySettings } from './settings.ts'
import {
  findStrategy,
  resolveStrategy,
  type SpecProblem,
  STRATEGIES,
  type StrategyEntry,
  type StrategySpec,
} from './strategies/index.ts'

const HOME: Path = ['strategy']

interface Reading {
  /** Undefined if there are problems. */
  readonly strategy?: StrategySettings
  readonly problems: readonly Problem[]
}

/**
 * What was given as `strategy`: a name, `{ name: power_of_two, choices: 3 }`, the path of a file, or `{ file: ./mine.ts }`.
 * `home` is where a relative path begins.
 */
export function readStrategy(given: unknown, home: string): Reading {
  if (typeof given === 'string') {
    if (isStrategyPath(given)) return { strategy: fileOf(given, home), problems: [] }
    return findStrategy(given) === undefined ? wrong(neitherNameNorFile(given)) : named(given)
  }
  if (!isMapping(given)) return wrong(`must be a name, a file or a mapping, got ${show(given)}`)
  const loop = loopIn(given)
  if (loop !== undefined) return wrong('is an alias of what it is part of', loop)
  const { file, name, ...options } = given
  if (file === undefined) {
    if (name === undefined) return nameless(Object.keys(options))
    if (typeof name !== 'string') return wrong(`${MUST_BE_ONE}, got ${show(name)}`, ['name'])
    return named({ ...options, name })
  }
  if (name !== undefined) return wrong('goes without a name: give one of the two', ['file'])
  if (typeof file === 'string' && file !== '')
    return { strategy: fileOf(file, home, options), problems: [] }
  return wrong(`must be the path of a file, got ${show(file)}`, ['file'])
}

/** A mapping without one, whose keys may show what was meant. */
function nameless(keys: readonly string[]): Reading {
  for (const key of keys) {
    const meant = didYouMean(key, ['name', 'file'])
    if (meant === undefined) continue
    const text = `is not a key without a name or a file: did you mean ${meant}?`
    return { problems: [{ path: [...HOME, key], text, atKey: true }] }
  }
  return wrong('is required', ['name'])
}

/** Where a file would do as well. */
export function neitherNameNorFile(name: string): string {
  return `${unknownStrategy(name)}, or the path of a file like ./my-strategy.ts`
}

/** `must be one of …, got "rond_robin" (did you mean round_robin?)`, for a name that there is not. */
function unknownStrategy(name: string): string {
  const aliases = STRATEGIES.flatMap((entry) => entry.aliases)
  const meant = didYouMean(name, [...NAMES, ...aliases])
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`
  return `${MUST_BE_ONE}${hint}, got ${show(name)}`
}

const NAMES = STRATEGIES.filter((entry) => entry.simulatorOnly !== true).map((entry) => entry.name)
const SIMULATOR_ONLY =
  'is for the simulator only: it needs to know how much work is in front of each server, and a proxy cannot'
const NO_FILE_INSIDE = 'must be one of ours: a file of your own goes with no strategy around it'
const MUST_BE_ONE = `must be one of ${NAMES.join(', ')}`

/** Where something is part of itself, as an alias of YAML can have it; undefined if nothing is. */
function loopIn(value: unknown, above: readonly unknown[] = []): Path | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (above.includes(value)) return []
  for (const [key, part] of Object.entries(value)) {
    const loop = loopIn(part, [...above, value])
    if (loop !== undefined) return [Array.isArray(value) ? Number(key) : key, ...loop]
  }
  return undefined
}

function fileOf(path: string, home: string, options: StrategyFile['options'] = {}): StrategyFile {
  return { file: resolve(home, path), options }
}

function named(spec: StrategySpec): Reading {
  const name = typeof spec === 'string' ? spec : spec.name
  const at = typeof spec === 'string' ? [] : ['name']
  const entry = findStrategy(name)
  if (entry === undefined) return wrong(unknownStrategy(name), at)
  if (entry.simulatorOnly === true) return wrong(`${entry.name} ${SIMULATOR_ONLY}`, at)
  if (typeof spec === 'string') return { strategy: entry.name, problems: [] }
  const problems: Problem[] = []
  const measured = withMilliseconds(entry, { ...spec, name: entry.name }, HOME, problems)
  const resolved = resolveStrategy(measured)
  if ('problems' in resolved) {
    for (const each of resolved.problems) {
      const path = [...HOME, ...each.path]
      // A time without its unit has been told.
      if (!problems.some((other) => other.path.join() === path.join()))
        problems.push(problemOf(each, path, measured))
    }
  }
  if ('entry' in resolved && resolved.entry.simulatorOnly === true)
    return wrong(SIMULATOR_ONLY, ['over'])
  if (problems.length > 0) return { problems }
  const plain = Object.keys(measured).length === 1
  return { strategy: plain ? entry.name : measured, problems: [] }
}

type Spec = Exclude<StrategySpec, string>

/** Times need their unit here as everywhere in the file: `10s` is made the 10000 that the strategy wants. */
function withMilliseconds(entry: StrategyEntry, spec: Spec, at: Path, problems: Problem[]): Spec {
  // Not an object to write to: a key `__proto__` would get lost.
  const measured = new Map<string, unknown>()
  for (const [key, value] of Object.entries(spec)) {
    const path = [...at, key]
    const option = Object.hasOwn(entry.options, key) ? entry.options[key] : undefined
    const inner = isMapping(value) && typeof value['name'] === 'string' ? value : undefined
    const within = inner === undefined ? undefined : findStrategy(inner['name'] as string)
    measured.set(
      key,
      within === undefined ? value : withMilliseconds(within, inner as Spec, path, problems),
    )
    if (option?.duration !== true) continue
    const time = readDuration(value, true)
    if (time instanceof Wrong) problems.push({ path, text: `${time.rule}, got ${show(value)}` })
    else measured.set(key, time)
  }
  return { ...Object.fromEntries(measured), name: spec.name }
}

function problemOf(problem: SpecProblem, path: Path, spec: Spec): Problem {
  const { name, rule, unknown, value } = problem
  const file = isMapping(value) ? value['file'] : value
  if (
    path.at(-1) === 'over' &&
    typeof file === 'string' &&
    (file !== value || isStrategyPath(file))
  )
    return { path, text: `${NO_FILE_INSIDE}, got ${show(file)}` }
  // The registry's own list has those that are for the simulator, too.
  if (name === 'name' && typeof value === 'string') return { path, text: unknownStrategy(value) }
  if (!unknown) return { path, text: `${rule}, got ${show(value)}` }
  const entry = entryAt(spec, problem.path.slice(0, -1))
  const known = Object.keys(entry?.options ?? {})
  const meant = didYouMean(name, known)
  const list = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`
  const hint = meant === undefined ? list : `did you mean ${meant}?`
  return { path, text: `is not an option of ${entry?.name}: ${hint}`, atKey: true }
}

/** A strategy, or one inside of it. */
function entryAt(spec: Spec, path: readonly string[]): StrategyEntry | undefined {
  let at: unknown = spec
  for (const key of path) at = isMapping(at) ? at[key] : undefined
  const name = isMapping(at) ? at['name'] : at
  return typeof name === 'string' ? findStrategy(name) : undefined
}

function wrong(text: string, at: Path = []): Reading {
  return { problems: [{ path: [...HOME, ...at], text }] }
}
