import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { ConfigFile } from '../proxy/config-file.ts'
import { isMapping, type Path, type Problem, writePath } from '../proxy/core/problems.ts'
import { ConfigError } from '../proxy/errors.ts'
import { importModule, whyNotLoaded } from '../proxy/strategy-module.ts'
import { checkScenario } from '../simulator/check-scenario.ts'
import type { Scenario } from '../simulator/scenario.ts'

/** The scenario cannot be used. The message has a line for each thing that is wrong. */
export class ScenarioFileError extends Error {
  override readonly name = 'ScenarioFileError'
}

export interface ScenarioFile {
  readonly scenario: Scenario
  /** A line each: what is allowed, but hardly meant. */
  readonly warnings: readonly string[]
  /** The strategies that the file wants to see side by side; unchecked. */
  readonly strategies: readonly unknown[] | undefined
  /** The folder that it is in: from there on files of strategies are named. */
  readonly home: string
  /** Where in the file something is said: `(scenario.yaml:14:13)`. */
  readonly place: (path: Path) => string
}

/** What holds in a file that does not say so itself. */
const SEED = 1
const STRATEGY = 'round_robin'

/**
 * Reads a scenario from a .ts or .js module (its default export), a .yaml or .json file, or a folder with a scenario of one of these kinds.
 * Throws a `ScenarioFileError`: `servers[2].speed must be above 0, got -1 (scenario.yaml:14:13)`.
 */
export async function readScenario(path: string): Promise<Scenario> {
  return (await readScenarioFile(path)).scenario
}

/** The same, with what else there is to it. */
export async function readScenarioFile(path: string): Promise<ScenarioFile> {
  const file = fileAt(path)
  if (/\.[cm]?[jt]s$/.test(file)) {
    const { given, strategies } = await load(file, path)
    return judge(given, strategies, file, () => `(${path})`)
  }
  if (!/\.(ya?ml|json)$/.test(file)) {
    throw new ScenarioFileError(`${path} must be a folder, or end in .yaml, .json, .ts or .js`)
  }
  const document = parse(file, path)
  const judged = judge(document.content, undefined, file, (problem) =>
    document.place(document.offset(problem.path, problem.atKey)),
  )
  if (document.problems.length > 0) throw new ScenarioFileError(document.problems.join('\n'))
  return judged
}

/** JavaScript: in the package that is published. */
const INSIDE = ['ts', 'js', 'yaml', 'yml', 'json'].map((ending) => `scenario.${ending}`)

function fileAt(path: string): string {
  if (!existsSync(path)) throw new ScenarioFileError(`there is no ${path}`)
  if (!statSync(path).isDirectory()) return path
  const file = INSIDE.map((name) => join(path, name)).find((each) => existsSync(each))
  if (file !== undefined) return file
  throw new ScenarioFileError(`${path} is a folder without a scenario.ts or scenario.yaml`)
}

async function load(file: string, path: string): Promise<{ given: unknown; strategies: unknown }> {
  let module: Readonly<Record<string, unknown>>
  try {
    module = await importModule(resolve(file))
  } catch (error) {
    throw new ScenarioFileError(`${path} ${whyNotLoaded(error, resolve(file))}`)
  }
  const { default: given, strategies } = module
  if (given === undefined) throw new ScenarioFileError(`${path} has no default export`)
  return { given, strategies }
}

function parse(file: string, path: string): ConfigFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ScenarioFileError(`${path} cannot be read: ${(error as Error).message}`)
  }
  try {
    return new ConfigFile(path, text)
  } catch (error) {
    if (error instanceof ConfigError) throw new ScenarioFileError(error.message)
    throw error
  }
}

function judge(
  given: unknown,
  listed: unknown,
  file: string,
  place: (problem: Problem) => string,
): ScenarioFile {
  const tell = (problem: Problem): string =>
    [writePath(problem.path) || 'the scenario', problem.text, place(problem)].join(' ')
  const more = {
    home: dirname(resolve(file)),
    place: (path: Path): string => place({ path, text: '' }),
  }
  if (!isMapping(given))
    return { ...judged(checkScenario(given), tell), strategies: undefined, ...more }
  const { strategies = listed, ...rest } = given
  const all = { name: nameOf(file), seed: SEED, strategy: STRATEGY, ...rest }
  if (strategies === undefined || Array.isArray(strategies)) {
    const found = judged(checkScenario(all), tell)
    const bare = bareDuration(given).map(tell)
    return { ...found, warnings: [...found.warnings, ...bare], strategies, ...more }
  }
  throw new ScenarioFileError(tell({ path: ['strategies'], text: 'must be a list of strategies' }))
}

/** Of seconds somebody thinks who writes 60. Whoever means so little can say so: 60ms. */
function bareDuration({ duration }: Readonly<Record<string, unknown>>): Problem[] {
  if (typeof duration !== 'number' || duration >= 1000) return []
  const text = `is ${duration} ms: a number without a unit is milliseconds, and ${duration}s would be seconds`
  return [{ path: ['duration'], text }]
}

function judged(
  checked: ReturnType<typeof checkScenario>,
  tell: (problem: Problem) => string,
): Pick<ScenarioFile, 'scenario' | 'warnings'> {
  if ('problems' in checked) throw new ScenarioFileError(checked.problems.map(tell).join('\n'))
  return { scenario: checked.scenario, warnings: checked.warnings.map(tell) }
}

/** That of the folder, where the file is a folder's scenario. */
function nameOf(file: string): string {
  const name = basename(file).replace(/\.\w+$/, '')
  return name === 'scenario' ? basename(dirname(resolve(file))) : name
}
