import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { isMapping } from '../../proxy/core/problems.ts'
import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { importModule, whyNotLoaded } from '../../proxy/strategy-module.ts'
import type { StrategySpec } from '../../proxy/strategies/index.ts'
import type { OfExperiment } from '../../simulator/study/contender.ts'
import type { Case } from '../frame/experiment.ts'
import { codeIn } from './code-in.ts'
import { WrongInput } from './wrong-input.ts'

/** What an experiment.ts beside a scenario has to say here. */
export interface Cases {
  /** The folder's name. */
  readonly name: string
  /** In order: what the registry knows, and names of `own`. */
  readonly strategies: readonly StrategySpec[]
  readonly own: ReadonlyMap<string, OfExperiment>
  /** It looks at other variants of the scenario as well. */
  readonly varies: boolean
}

/** Of the experiment in a scenario's folder; undefined if there is none. Only the first variant's strategies: the others may make sense in others alone. */
export async function casesIn(folder: string): Promise<Cases | undefined> {
  const file = codeIn(folder, 'experiment')
  if (file === undefined) return undefined
  const cases = await read(file)
  const { variant: first = '' } = cases[0]
  const strategies: StrategySpec[] = []
  const own = new Map<string, OfExperiment>()
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  const from = basename(dirname(file))
  let varies = false
  cases.forEach(({ label, strategy, variant = '' }, place) => {
    if (variant !== first) varies = true
    let name = strategy as StrategySpec
    if (typeof strategy !== 'string' && 'factory' in strategy) {
      name = label ?? (strategy.own as string)
      if (!own.has(name)) own.set(name, { label: name, experiment: file, from, place, sha256 })
    }
    if (variant === first) strategies.push(name)
  })
  return { name: from, strategies, own, varies }
}

/** In a thread: the strategy itself. */
export async function ownStrategy({ experiment, place }: OfExperiment): Promise<StrategyFactory> {
  const { strategy } = (await read(experiment))[place]
  return (strategy as { factory: StrategyFactory }).factory
}

async function read(file: string): Promise<readonly Case[]> {
  let module: Readonly<Record<string, unknown>>
  try {
    module = await importModule(file)
  } catch (error) {
    throw new WrongInput(`${file} ${whyNotLoaded(error, file)}`)
  }
  const { default: given } = module
  const cases = isMapping(given) ? given['cases'] : undefined
  if (Array.isArray(cases) && cases.length > 0) return cases as readonly Case[]
  throw new WrongInput(`${file} must export an experiment with cases as its default`)
}
