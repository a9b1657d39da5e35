import { statSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { CLAIMS, type Claim } from './core/claims.ts'
import { Clock } from './core/clock.ts'
import { thrown } from './core/guarded.ts'
import { Memory } from './core/memory.ts'
import { Rng } from './core/rng.ts'
import {
  PROMISES,
  type SharePromise,
  type Strategy,
  type StrategyContext,
  type StrategyFactory,
} from './core/strategy.ts'
import { didYouMean } from './core/did-you-mean.ts'
import { isMapping, show } from './core/problems.ts'
import { importModule, whyNotLoaded } from './strategy-module.ts'

/** A strategy from a file of the user's, and what the file says of it. */
export interface UserStrategy extends StrategyFactory {
  readonly name: string
  readonly claims: readonly Claim[]
  /** Why it need not obey a law, by the law's id. */
  readonly excused: Readonly<Record<string, string>>
}

/** The file cannot be used. The message names it and says what to do about it. */
export class StrategyFileError extends Error {
  override name = 'StrategyFileError'
}

/** What every strategy has to have; `heard` is for those that want news. */
const REQUIRED = ['update', 'pick', 'settled'] as const

const EXAMPLE = 'export default class MyStrategy { update(servers) {} pick() {} settled() {} }'

/**
 * Reads a file whose default export is a class of strategies, or a function that makes one. Beside it, it may export
 * `promise`, `keyed`, `claims` and `excused`. `options` is what the strategy gets beside its context;
 * `onMaking` is called when the file is loaded, and the strategy is about to be made for the first time. Throws a
 * `StrategyFileError`; whether the strategy is any good is for `tryOut` and the laws to say.
 *
 * The file is run in this process, with all that it may do here: whoever names it trusts it.
 */
export async function loadStrategyFile(
  path: string,
  options: Readonly<Record<string, unknown>> = {},
  onMaking: () => void = () => {},
): Promise<UserStrategy> {
  const name = shownPath(path)
  const wrong = (problem: string): StrategyFileError => new StrategyFileError(`${name} ${problem}`)
  checkPath(path, wrong)
  let module: Readonly<Record<string, unknown>>
  try {
    module = await importModule(path)
  } catch (error) {
    throw wrong(whyNotLoaded(error, path))
  }
  const { default: made, promise = 'adaptive', keyed = false } = module
  const { claims = [], excused = {} } = module
  if (made === undefined) throw wrong(`has no default export: write for example ${EXAMPLE}`)
  if (typeof made !== 'function')
    throw wrong(`must have a class or a function as its default export, got ${told(made)}`)
  if (!PROMISES.includes(promise as SharePromise))
    throw wrong(`must promise one of ${PROMISES.join(', ')}, got ${show(promise)}`)
  if (typeof keyed !== 'boolean') throw wrong(`must export keyed as true or false`)
  const word = Array.isArray(claims) ? claims.find((claim) => !CLAIMS.includes(claim)) : claims
  if (word !== undefined && word !== claims) throw wrong(unknownClaim(word))
  if (!Array.isArray(claims)) throw wrong('must export claims as a list')
  const reasoned = isMapping(excused) && Object.values(excused).every(isReason)
  if (!reasoned) throw wrong("must export excused as { law: 'why it need not obey it' }")

  const id = basename(path).replace(/\.m?[jt]s$/, '')
  const create = (context: StrategyContext): Strategy => {
    const strategy = make(made as Make, context, options)
    const fault = faultOf(strategy)
    if (fault !== undefined) throw wrong(fault)
    return isName(strategy.name) ? strategy : named(strategy, id)
  }
  onMaking()
  const { name: own } = tried(create, wrong)
  const said = { promise: promise as SharePromise, keyed, claims: claims as Claim[] }
  return { name: own, ...said, excused: excused as Record<string, string>, create }
}

type Make = (new (...given: unknown[]) => Strategy) & ((...given: unknown[]) => Strategy)

/** Relative to where we are, if it is below. */
export function shownPath(path: string): string {
  const near = relative('.', path)
  return near.startsWith('..') || near === '' ? path : `./${near}`
}

function checkPath(path: string, wrong: (problem: string) => StrategyFileError): void {
  if (!/\.m?[jt]s$/.test(path)) throw wrong('must end in .ts, .js, .mts or .mjs')
  try {
    if (!statSync(path).isFile()) throw wrong('is no file')
  } catch (error) {
    if (error instanceof StrategyFileError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw wrong(code === 'ENOENT' ? 'cannot be read: no such file' : `cannot be read: ${code}`)
  }
}

/** Made once, to see early whether it can be, with a context that leads nowhere. */
function tried(
  create: (context: StrategyContext) => Strategy,
  wrong: (problem: string) => StrategyFileError,
): Strategy {
  const memory = new Memory(64)
  const inflights = new Int32Array(64)
  const context = { clock: new Clock(0), rng: new Rng(1), memory, inflights }
  try {
    return create({ ...context, ask: () => {}, remainingWork: undefined })
  } catch (error) {
    if (error instanceof StrategyFileError) throw error
    throw wrong(`cannot be made: its constructor ${thrown(error)}`)
  }
}

function make(
  made: Make,
  ...given: [StrategyContext, Readonly<Record<string, unknown>>]
): Strategy {
  const text = Function.prototype.toString.call(made)
  const verbs: unknown = made.prototype
  const constructs = /^class\b/.test(text) || (isMapping(verbs) && 'pick' in verbs)
  return constructs ? new made(...given) : made(...given)
}

function faultOf(strategy: unknown): string | undefined {
  if (strategy instanceof Promise)
    return 'must give a strategy from its default export, not the promise of one'
  if (!isMapping(strategy))
    return `must give a strategy from its default export, got ${show(strategy)}`
  const missing = REQUIRED.filter((verb) => typeof strategy[verb] !== 'function')
  if (missing.length > 0) return `has a strategy without ${missing.join(' and ')}`
  const { heard } = strategy
  if (heard !== undefined && typeof heard !== 'function') return 'has a heard that is no method'
  return undefined
}

/** Figures and logs need a name; the file's will do. */
function named(strategy: Strategy, name: string): Strategy {
  Object.defineProperty(strategy, 'name', { value: name, configurable: true })
  return strategy
}

/** In a module a mapping is called an object. */
function told(value: unknown): string {
  return isMapping(value) ? 'an object' : show(value)
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name.trim() !== ''
}

function isReason(reason: unknown): boolean {
  return typeof reason === 'string' && reason.trim() !== ''
}

function unknownClaim(word: unknown): string {
  const meant = typeof word === 'string' ? didYouMean(word, CLAIMS) : undefined
  const hint = meant === undefined ? `there are ${CLAIMS.join(', ')}` : `did you mean ${meant}?`
  return `claims ${show(word)}, which is no claim: ${hint}`
}
