import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigFile } from '../../../proxy/config-file.ts'
import { problemsOf } from '../../../proxy/config-problems.ts'
import { neitherNameNorFile } from '../../../proxy/config-strategy.ts'
import { didYouMean } from '../../../proxy/core/did-you-mean.ts'
import {
  isMapping,
  type Path,
  type Problem,
  show,
  unknownKey,
  writePath,
} from '../../../proxy/core/problems.ts'
import { isStrategyPath } from '../../../proxy/strategy-path.ts'
import { findStrategy } from '../../../proxy/strategies/index.ts'
import { ConfigError } from '../../../proxy/errors.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import { type Figure, figureOf } from '../../thresholds/figures.ts'
import { CHECKED_LAWS } from '../laws.ts'
import type { Target } from '../verdicts.ts'
import { readEntry } from './read-entry.ts'
import { whyNotOf } from './figure-of-run.ts'
import { readTwin } from './read-twin.ts'
import type { Entry, Gate, Tell, TwinEntry } from './gate.ts'
import { gateShape, type GivenGate } from './shape.ts'
import { shownFrom } from './shown-from.ts'

const FALSE_ALARM = 0.01
const COMPARED = ['mean', 'p99', 'errors']

/** What the command line says over the file. */
export interface GateOverrides {
  readonly seed?: number
  readonly reps?: number
}

/** Reads a gate file. Throws `WrongInput` with a line for each thing that is wrong, and its place. */
export async function readGate(file: string, overrides: GateOverrides): Promise<Gate> {
  const document = open(file)
  const tell: Tell = (path, text, column = 0) => told(document, { path, text }, column)
  const parsed = gateShape.safeParse(document.content, { reportInput: true })
  if (!parsed.success) {
    const problems = problemsOf(parsed.error.issues).map((problem) => told(document, problem))
    throw new WrongInput([...document.problems, ...problems].join('\n'))
  }
  const given = parsed.data
  const problems = [...document.problems]
  const home = dirname(resolve(file))
  const laws = targetsOf(given.laws ?? [], home, tell, problems)
  const compared = figuresOf(given.baseline?.figures ?? COMPARED, tell, problems)
  const taken = new Set<string>()
  const onName = (name: string, path: Path): void => {
    if (taken.has(name))
      problems.push(tell(path, `is called ${name}, as another one is: give it a name of its own`))
    taken.add(name)
  }
  const found = { home, tell, problems, onName }
  const entries = await entriesOf(given, overrides, found)
  const twins = await twinsOf(given, overrides.seed, found)
  if (problems.length > 0) throw new WrongInput(problems.join('\n'))
  if (laws.length + entries.length + twins.length === 0)
    throw new WrongInput(`${file} asks nothing: it needs laws, scenarios or twin`)
  const { falseAlarm = FALSE_ALARM } = given
  return { file, laws, entries, twins, falseAlarm, compared, slack: given.baseline?.slack ?? 0 }
}

function open(file: string): ConfigFile {
  try {
    return new ConfigFile(file, readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof ConfigError) throw new WrongInput(error.message)
    const { code, message } = error as NodeJS.ErrnoException
    throw new WrongInput(
      code === 'ENOENT' ? `there is no ${file}` : `${file} cannot be read: ${message}`,
    )
  }
}

function told(document: ConfigFile, { atKey, path, text }: Problem, column = 0): string {
  const place = document.place(document.offset(path, atKey) + column)
  return `${writePath(path) || 'the file'} ${text} ${place}`
}

function targetsOf(
  given: readonly unknown[],
  home: string,
  tell: Tell,
  problems: string[],
): Target[] {
  const targets = given.flatMap((each, i): Target[] => {
    const path: Path = ['laws', i]
    // `{ strategy: ./mine.ts, only: [turn] }` is the long form.
    const long = isMapping(each) ? each : { strategy: each }
    const { only, strategy: name, ...rest } = long
    const [stray] = Object.keys(rest)
    if (stray !== undefined)
      problems.push(tell([...path, stray], unknownKey(stray, ['strategy', 'only'])))
    const laws = only === undefined ? {} : { laws: lawsOf(only, [...path, 'only'], tell, problems) }
    if (typeof name !== 'string') {
      problems.push(tell(path, `must be a strategy's name or file, got ${show(each)}`))
      return []
    }
    if (isStrategyPath(name))
      return [{ name: fromHere(name, home), file: resolve(home, name), ...laws }]
    const strategy = findStrategy(name)
    if (strategy !== undefined) return [{ name: strategy.name, file: undefined, ...laws }]
    problems.push(tell(path, neitherNameNorFile(name)))
    return []
  })
  const keys = targets.map(({ file, name }) => file ?? name)
  return targets.filter((_, i) => keys.indexOf(keys[i]) === i)
}

/** As the command that repeats it has to say it, from where the user stands. */
function fromHere(name: string, home: string): string {
  if (home === resolve('')) return name
  const shown = shownFrom(resolve(home, name))
  return isStrategyPath(shown) ? shown : `./${shown}`
}

function lawsOf(given: unknown, path: Path, tell: Tell, problems: string[]): string[] {
  if (!Array.isArray(given) || given.length === 0) {
    problems.push(tell(path, `must be a list of laws, got ${show(given)}`))
    return []
  }
  const ids = CHECKED_LAWS.map(({ id }) => id)
  given.forEach((id: unknown, i) => {
    if (ids.includes(id as string)) return
    const meant = didYouMean(String(id), ids)
    const hint = meant === undefined ? `there are ${ids.join(', ')}` : `did you mean ${meant}?`
    problems.push(tell([...path, i], `is no law, got ${show(id)}: ${hint}`))
  })
  return given as string[]
}

function figuresOf(given: readonly unknown[], tell: Tell, problems: string[]): Figure[] {
  return given.flatMap((name, i): Figure[] => {
    const figure =
      typeof name === 'string' ? figureOf(name) : `must be a figure like p99, got ${show(name)}`
    const fault = typeof figure === 'string' ? figure : whyNotOf(figure)
    if (fault === undefined) return [figure as Figure]
    problems.push(tell(['baseline', 'figures', i], fault))
    return []
  })
}

interface Reading {
  /** The folder of the gate file. */
  readonly home: string
  readonly tell: Tell
  readonly problems: string[]
  readonly onName: (name: string, path: Path) => void
}

async function entriesOf(
  { reps, scenarios = [], seed }: GivenGate,
  overrides: GateOverrides,
  { home, onName, problems, tell }: Reading,
): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const [i, given] of scenarios.entries()) {
    const path: Path = ['scenarios', i]
    const defaults = {
      home,
      seed: overrides.seed ?? seed,
      reps: overrides.reps ?? given.reps ?? reps,
    }
    try {
      const entry = await readEntry(given, defaults, (inside, text, column) =>
        tell([...path, ...inside], text, column),
      )
      onName(entry.name, path)
      entries.push(entry)
    } catch (error) {
      if (!(error instanceof WrongInput)) throw error
      problems.push(error.message)
    }
  }
  return entries
}

async function twinsOf(
  { seed, twin = [] }: GivenGate,
  over: number | undefined,
  { home, onName, problems, tell }: Reading,
): Promise<TwinEntry[]> {
  const twins: TwinEntry[] = []
  for (const [i, given] of twin.entries()) {
    const inside: Tell = (path, text, column) => tell(['twin', i, ...path], text, column)
    try {
      const entry = await readTwin(given, home, over ?? seed, inside)
      onName(entry.name, ['twin', i])
      twins.push(entry)
    } catch (error) {
      if (!(error instanceof WrongInput)) throw error
      problems.push(error.message)
    }
  }
  return twins
}
