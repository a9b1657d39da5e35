import { createHash } from 'node:crypto'
import { guarded, type StrategyFault } from './core/guarded.ts'
import type { StrategyFactory } from './core/strategy.ts'
import { LARGEST_CONFIGURATION, readNamedFile } from './named-file.ts'
import type { Settings, StrategySettings } from './settings.ts'
import { loadStrategyFile, shownPath, StrategyFileError } from './strategy-file.ts'
import { placeOf } from './strategy-module.ts'
import { rehearse, wordsOf } from './strategy-rehearsal.ts'
import { findStrategy, resolveStrategy, type StrategySpec } from './strategies/index.ts'

/** A strategy as the configuration has it, ready to be used. */
export interface Choice {
  /** What to call it: `power_of_two (choices: 3)`, `./my-strategy.ts`. */
  readonly name: string
  readonly settings: StrategySettings
  readonly factory: StrategyFactory
  /** Where it comes from, if it is not one of ours. */
  readonly file?: string
  /** What tells that file from another, or from the same one after an edit. What it imports is not looked at. */
  readonly print?: string
  /** What is to be said of it. */
  readonly warnings?: readonly string[]
}

/**
 * For a file this means to load it, and to try it out, over the servers that it is meant for among others, before anybody depends on
 * it. Throws a `StrategyFileError`.
 */
export async function chooseStrategy({
  strategy,
  servers,
}: Pick<Settings, 'servers' | 'strategy'>): Promise<Choice> {
  if (!isFile(strategy)) return loadChoice(strategy)
  const expected = servers.map(({ id, weight, backup, max = Infinity }) => {
    return { id, weight, backup, max }
  })
  const print = printOf(strategy.file)
  const warnings = await rehearse({ ...strategy, servers: expected })
  const choice = await loadChoice(strategy)
  if (choice.print !== print)
    throw new StrategyFileError(
      `${shownPath(strategy.file)} has changed while it was tried: try it again`,
    )
  return { ...choice, warnings }
}

/** The same for what was tried out before. Throws a `StrategyFileError`. */
export async function loadChoice(settings: StrategySettings): Promise<Choice> {
  const name = nameOf(settings)
  if (!isFile(settings)) return { name, settings, factory: strategyOf(settings) }
  const { file, options } = settings
  // Before it is loaded: if somebody edits it at this moment it is taken for another, and not another for it.
  const print = printOf(file)
  return { name, settings, factory: await loadStrategyFile(file, options), file, print }
}

/** Empty if it cannot be read: what is wrong with it is for whoever loads it to say. */
function printOf(file: string): string {
  try {
    return createHash('sha256').update(readNamedFile(file, LARGEST_CONFIGURATION)).digest('hex')
  } catch {
    return ''
  }
}

/** One of the registry's. Throws a `RangeError` for what the configuration would have refused. */
export function strategyOf(settings: StrategySettings): StrategyFactory {
  if (isFile(settings)) throw new RangeError(`${settings.file} has to be loaded first`)
  const found = resolveStrategy(settings)
  if ('factory' in found) return found.factory
  const [{ name, rule }] = found.problems
  throw new RangeError(`strategy: ${name} ${rule}`)
}

/** What is said when another strategy takes over from a file: the lab looks for it. */
export const GO_ON = 'Requests go on with'

/**
 * Ours are run as they are. Somebody else's is guarded: at its first fault `lastGood`, which is one of ours, takes over, and `say` hears
 * of it.
 */
export function trusted(
  choice: Choice,
  lastGood: Choice,
  say: (message: string) => void,
): StrategyFactory {
  if (choice.file === undefined) return choice.factory
  const tell = (fault: string): void => say(`${fault}. ${GO_ON} ${lastGood.name}`)
  return suspected(choice, lastGood.factory, tell)
}

/** Guarded, whoever it is: `say` hears of its first fault, and `fallback` takes over. */
export function suspected(
  { name, factory, file = '' }: Choice,
  fallback: StrategyFactory,
  say: (fault: string) => void,
): StrategyFactory {
  const onFault = (fault: StrategyFault): void =>
    say(`${name} ${wordsOf({ ...fault, place: placeOf(fault.error, file) })}`)
  return guarded(factory, { fallback, onFault })
}

/** What is good when nothing else is. */
export const ROUND_ROBIN: Choice = {
  name: 'round_robin',
  settings: 'round_robin',
  factory: findStrategy('round_robin')!,
}

/** `power_of_two (choices: 3)` */
export function nameOf(settings: StrategySettings): string {
  const named = isFile(settings) ? shownPath(settings.file) : nameIn(settings)
  const options = Object.entries(optionsOf(settings)).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return options.length === 0 ? named : `${named} (${options.join(', ')})`
}

export function isFile(
  settings: StrategySettings,
): settings is Extract<StrategySettings, { file: string }> {
  return typeof settings !== 'string' && typeof settings['file'] === 'string'
}

function nameIn(spec: StrategySpec): string {
  return typeof spec === 'string' ? spec : spec.name
}

function optionsOf(settings: StrategySettings): Readonly<Record<string, unknown>> {
  if (typeof settings === 'string') return {}
  if (isFile(settings)) return settings.options
  const { name: _, ...options } = settings
  return options
}
