import type { StrategyFactory } from '../../proxy/core/strategy.ts'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { loadStrategyFile } from '../../proxy/strategy-file.ts'
import { rehearse } from '../../proxy/strategy-rehearsal.ts'
import { plural } from '../../simulator/format.ts'
import type { ServerSpec } from '../../simulator/scenario.ts'
import { strategyOf } from '../../simulator/strategies.ts'
import type { Contender } from '../../simulator/study/contender.ts'
import { contendersOf } from '../sim/contenders.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import type { PlanFlags } from './options.ts'

/** A strategy in front of servers: what there is, or what could be. */
export interface Candidate {
  readonly label: string
  readonly strategy: StrategyFactory
  readonly servers: readonly ServerSpec[]
  readonly rate: number
}

/** What is to be changed but for the strategy, in words. */
export function changesOf({ add, rate, remove = [], weight }: PlanFlags): string[] {
  return [
    ...(add === undefined ? [] : [`+${plural(add, 'server')}`]),
    ...(remove.length === 0 ? [] : [`without ${remove.join(', ')}`]),
    ...(weight === undefined ? [] : [...weight].map(([id, value]) => `${id} of weight ${value}`)),
    ...(rate === 1 ? [] : [`traffic × ${rate}`]),
  ]
}

/** The servers with what is to be changed. Throws `WrongInput` for some that there are not. */
export function changed(servers: readonly ServerSpec[], flags: PlanFlags): ServerSpec[] {
  const { add = 0, remove = [], weight = new Map<string, number>() } = flags
  const ids = servers.map(({ id }) => id!)
  for (const id of [...remove, ...weight.keys()]) {
    if (ids.includes(id)) continue
    const meant = didYouMean(id, ids)
    const hint = meant === undefined ? `there are ${ids.join(', ')}` : `did you mean ${meant}?`
    throw new WrongInput(`there is no server ${id} in the log: ${hint}`)
  }
  const kept = servers
    .filter(({ id }) => !remove.includes(id!))
    .map((each) => ({ ...each, weight: weight.get(each.id!) ?? each.weight ?? 1 }))
  if (kept.length === 0) throw new WrongInput('--remove leaves no server')
  // Like the one in the middle: neither the fastest nor the slowest.
  const typical = kept.toSorted((a, b) => a.speed! - b.speed!)[kept.length >> 1]
  const { failure: _, ...like } = typical
  const added = Array.from({ length: add }, (_, i) => ({ ...like, id: `new${i + 1}` }))
  return [...kept, ...added]
}

/** Throws `WrongInput`. */
export function contenderOf(given: unknown): Contender {
  return contendersOf([given])[0]
}

/** A file of the user's is tried first. */
export async function factoryOf(
  contender: Contender,
  servers: readonly ServerSpec[],
): Promise<StrategyFactory> {
  if ('spec' in contender) return strategyOf(contender.spec)
  if (!('file' in contender)) throw new WrongInput(`${contender.label} is no strategy for a log`)
  const { file, options } = contender
  try {
    const known = servers.map(({ id, weight = 1 }) => ({ id: id!, weight }))
    await rehearse({ file, options, servers: known })
    return await loadStrategyFile(file, options)
  } catch (error) {
    throw new WrongInput((error as Error).message)
  }
}
