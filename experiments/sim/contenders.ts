import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { isMapping } from '../../proxy/core/problems.ts'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { isStrategyPath } from '../../proxy/strategy-path.ts'
import {
  findStrategy,
  resolveStrategy,
  STRATEGIES,
  type StrategySpec,
} from '../../proxy/strategies/index.ts'
import { WrongInput } from './wrong-input.ts'

/** A strategy that takes part: one of ours, or a file of the user's. */
export type Contender = Ours | Theirs

interface Ours {
  /** As tables call it. */
  readonly label: string
  readonly spec: StrategySpec
}

interface Theirs {
  readonly label: string
  /** An absolute path. */
  readonly file: string
  readonly options: Readonly<Record<string, unknown>>
  /** SHA-256 of the file, in hex: whoever repeats the run sees whether it is the same. */
  readonly sha256: string
}

/**
 * Strategies as the command line or a scenario names them: `power_of_two`, `power_of_two{choices: 3}`, `{name: power_of_two, choices: 3}`,
 * `./my-strategy.ts`, or a spec. `home` is where a relative path begins. Throws `WrongInput` with all that is wrong. One that was named twice takes part once.
 */
export function contendersOf(given: readonly unknown[], home = '.'): Contender[] {
  const problems: string[] = []
  const contenders: Contender[] = []
  for (const each of given) {
    try {
      const contender = contenderOf(each, home)
      if (contenders.every(({ label }) => label !== contender.label)) contenders.push(contender)
    } catch (error) {
      if (!(error instanceof WrongInput)) throw error
      problems.push(error.message)
    }
  }
  if (problems.length > 0) throw new WrongInput(problems.join('\n'))
  return contenders
}

function contenderOf(given: unknown, home: string): Contender {
  const { name, options } = typeof given === 'string' ? read(given) : mapped(given)
  return isStrategyPath(name) ? theirs(name, options, home) : ours(name, options)
}

interface Named {
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
}

function read(text: string): Named {
  const brace = text.indexOf('{')
  if (brace < 0) return { name: text.trim(), options: {} }
  let mapping: unknown
  try {
    mapping = parse(text.slice(brace))
  } catch (error) {
    const [reason] = (error as Error).message.split('\n')
    throw new WrongInput(`a strategy's options must be like {choices: 3}: ${reason}`)
  }
  const name = text.slice(0, brace).trim()
  return name === '' ? mapped(mapping) : mapped({ ...(mapping as object), name })
}

function mapped(given: unknown): Named {
  if (isMapping(given)) {
    const { file, name = file, ...options } = given
    if (typeof name === 'string') return { name, options }
  }
  throw new WrongInput(
    `a strategy must be a name, a file, or like {name: power_of_two, choices: 3}, got ${JSON.stringify(given)}`,
  )
}

function ours(name: string, options: Named['options']): Ours {
  const entry = findStrategy(name)
  if (entry === undefined) throw new WrongInput(unknown(name))
  const plain = Object.keys(options).length === 0
  const spec = plain ? entry.name : { ...options, name: entry.name }
  const resolved = resolveStrategy(spec)
  if ('factory' in resolved) return { label: labelOf(entry.name, options), spec }
  const known = Object.keys(entry.options)
  const faults = resolved.problems.map((problem) => {
    if (!problem.unknown) return `${[entry.name, ...problem.path].join('.')} ${problem.rule}`
    const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`
    return `${entry.name} has no option ${problem.name}: ${has}`
  })
  throw new WrongInput(faults.join('\n'))
}

function theirs(path: string, options: Named['options'], home: string): Theirs {
  const file = resolve(home, path)
  let text: Buffer
  try {
    text = readFileSync(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new WrongInput(
      `${path} cannot be read: ${code === 'ENOENT' ? 'no such file' : String(code)}`,
    )
  }
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { label: labelOf(path, options), file, options, sha256 }
}

function labelOf(name: string, options: Named['options']): string {
  const words = Object.entries(options).map(([key, value]) => `${key}: ${shown(value)}`)
  return words.length === 0 ? name : `${name}{${words.join(', ')}}`
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function unknown(name: string): string {
  const names = STRATEGIES.map((each) => each.name)
  const meant = didYouMean(name, [...names, ...STRATEGIES.flatMap(({ aliases }) => aliases)])
  const all = `there are ${names.join(', ')}, and files of your own like ./my-strategy.ts`
  const hint = meant === undefined ? all : `did you mean ${meant}?`
  return `there is no strategy ${JSON.stringify(name)}: ${hint}`
}
