import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { isMapping, show } from '../../proxy/core/problems.ts'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { isStrategyPath } from '../../proxy/strategy-path.ts'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import type { Contender, OfExperiment, Ours, Theirs } from '../../simulator/study/contender.ts'
import { labelOf, oursOf } from '../../simulator/study/ours.ts'
import { WrongInput } from './wrong-input.ts'

export interface Where {
  /** Where a relative path begins. Default: the folder of the process. */
  readonly home?: string
  /** The n-th, for whoever has to mend it: `(scenario.yaml:7:3)`. */
  readonly place?: (index: number) => string
  /** What there is beside the registry. */
  readonly own?: ReadonlyMap<string, OfExperiment>
}

/**
 * Strategies as the command line or a scenario names them: `power_of_two`, `power_of_two{choices: 3}`, `{name: power_of_two, choices: 3}`,
 * `./my-strategy.ts`, or a spec. Throws `WrongInput` with all that is wrong. One that was named twice takes part once.
 */
export function contendersOf(given: readonly unknown[], where: Where = {}): Contender[] {
  const problems: string[] = []
  const contenders: Contender[] = []
  given.forEach((each, index) => {
    try {
      const contender = contenderOf(each, where)
      if (contenders.every(({ label }) => label !== contender.label)) contenders.push(contender)
    } catch (error) {
      if (!(error instanceof WrongInput)) throw error
      const place = where.place === undefined ? '' : ` ${where.place(index)}`
      problems.push(...error.message.split('\n').map((line) => line + place))
    }
  })
  if (problems.length > 0) throw new WrongInput(problems.join('\n'))
  if (contenders.length === 0) throw new WrongInput('at least one strategy must be named')
  return contenders
}

function contenderOf(given: unknown, { home = '.', own }: Where): Contender {
  const { name, options } = typeof given === 'string' ? read(given) : mapped(given)
  const brought = own?.get(name)
  if (brought !== undefined && Object.keys(options).length === 0) return brought
  return isStrategyPath(name) ? theirs(name, options, home) : ours(name, options, own)
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
    `a strategy must be a name, a file, or like {name: power_of_two, choices: 3}, got ${show(given)}`,
  )
}

function ours(name: string, options: Named['options'], own: Where['own']): Ours {
  const found = oursOf(name, options)
  if (found === undefined) throw new WrongInput(unknown(name, [...(own?.keys() ?? [])]))
  if ('faults' in found) throw new WrongInput(found.faults.join('\n'))
  return found
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

function unknown(name: string, own: readonly string[]): string {
  const names = [...own, ...STRATEGIES.map((each) => each.name)]
  const meant = didYouMean(name, [...names, ...STRATEGIES.flatMap(({ aliases }) => aliases)])
  const all = `there are ${names.join(', ')}, and files of your own like ./my-strategy.ts`
  const hint = meant === undefined ? all : `did you mean ${meant}?`
  return `there is no strategy ${JSON.stringify(name)}: ${hint}`
}
