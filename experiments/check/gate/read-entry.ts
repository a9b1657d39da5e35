import { didYouMean } from '../../../proxy/core/did-you-mean.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { serverId } from '../../../simulator/server-id.ts'
import type { Contender } from '../../../simulator/study/contender.ts'
import { tooShort } from '../../../simulator/study/too-short.ts'
import { steadinessOf } from '../../../simulator/study/steadiness.ts'
import type { ScenarioFile } from '../../scenario-file.ts'
import { contendersOf } from '../../sim/contenders.ts'
import { casesIn } from '../../sim/experiment-cases.ts'
import { DEFAULT_REPS } from '../../sim/options.ts'
import { doubtsOf, tryOut, warmupOf } from '../../sim/question.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import type { Figure } from '../../thresholds/figures.ts'
import { whyNotOf } from './figure-of-run.ts'
import type { Entry, Promised, SharesGate, Tell } from './gate.ts'
import { promiseOf, whyNoShares } from './promises.ts'
import { checkedAgain, readScenario } from './read-scenario.ts'
import { thresholdsOf } from './read-thresholds.ts'
import type { GivenEntry } from './shape.ts'

interface Defaults {
  /** The folder of the gate file: from there on files are named. */
  readonly home: string
  readonly seed: number | undefined
  readonly reps: number | undefined
}

/** One scenario of a gate file. Throws `WrongInput`. */
export async function readEntry(
  given: GivenEntry,
  { home, reps = DEFAULT_REPS, seed }: Defaults,
  tell: Tell,
): Promise<Entry> {
  const loaded = await readScenario(given.scenario, home, tell)
  let scenario = { ...loaded.scenario, ...(seed !== undefined && { seed }) }
  if (given.duration !== undefined)
    scenario = checkedAgain({ ...scenario, duration: given.duration }, tell)
  const contenders = await contendersFor(given, loaded, home, tell)
  const problems: string[] = []
  const ids = idsOf(scenario)
  const whyNot = (figure: Figure): string | undefined =>
    whyNotOf(figure) ?? stranger(figure.server, ids)
  const thresholds = thresholdsOf(given.thresholds ?? [], whyNot, tell, problems)
  const shares =
    given.shares === undefined
      ? undefined
      : await sharesOf(given.shares, scenario, contenders, tell, problems)
  if (
    thresholds.length === 0 &&
    shares === undefined &&
    problems.length === 0 &&
    given.thresholds !== undefined
  )
    problems.push(tell(['thresholds'], 'must hold at least one threshold'))
  if (problems.length > 0) throw new WrongInput(problems.join('\n'))
  await tryOut(contenders, scenario)
  const short = tooShort(scenario, steadinessOf(scenario))
  const doubts = [
    ...loaded.warnings.filter((each) => !each.startsWith('strategy ')),
    ...doubtsOf(contenders, scenario),
  ]
  return {
    name: given.name ?? (typeof given.scenario === 'string' ? given.scenario : scenario.name),
    scenario,
    warnings: [
      ...doubts,
      ...(short === undefined ? [] : [short.replace('--duration', 'duration')]),
    ],
    contenders,
    thresholds,
    shares,
    reps,
    warmup: warmupOf(given.warmup, scenario),
  }
}

/** Those that the gate names, or the scenario's, or its experiment's. */
async function contendersFor(
  { strategies }: GivenEntry,
  loaded: ScenarioFile,
  home: string,
  tell: Tell,
): Promise<Contender[]> {
  const cases =
    typeof loaded.scenario.name === 'string' && loaded.home !== home
      ? await casesIn(loaded.home)
      : undefined
  const own = cases?.own ?? new Map()
  if (strategies !== undefined) {
    const place = (index: number): string =>
      tell(['strategies', index], '').replace(/^.*(?=\()/, '')
    return contendersOf(strategies, { home, own, place })
  }
  if (loaded.strategies !== undefined)
    return contendersOf(loaded.strategies, {
      home: loaded.home,
      own,
      place: (index) => loaded.place(['strategies', index]),
    })
  return contendersOf(cases?.strategies ?? [loaded.scenario.strategy], { home: loaded.home, own })
}

/** Undefined if servers come on the way, whose ids nobody knows before. */
function idsOf({ events = [], servers }: Scenario): string[] | undefined {
  if (events.some((event) => 'add' in event)) return undefined
  const all = servers.flatMap((spec) => Array.from({ length: spec.count ?? 1 }, () => spec))
  return all.map(serverId)
}

function stranger(id: string | undefined, ids: readonly string[] | undefined): string | undefined {
  if (id === undefined || ids === undefined || ids.includes(id)) return undefined
  const meant = didYouMean(id, ids)
  const hint =
    meant === undefined
      ? `there are ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ', …' : ''}`
      : `did you mean ${meant}?`
  return `there is no server ${JSON.stringify(id)}: ${hint}`
}

async function sharesOf(
  off: number,
  scenario: Scenario,
  contenders: readonly Contender[],
  tell: Tell,
  problems: string[],
): Promise<SharesGate> {
  const why = whyNoShares(scenario)
  if (why !== undefined) problems.push(tell(['shares'], why))
  const promises: Promised[] = []
  for (const contender of why === undefined ? contenders : []) {
    const promise = await promiseOf(contender, scenario)
    if (typeof promise === 'string') problems.push(tell(['shares'], `cannot be asked: ${promise}`))
    else promises.push(promise)
  }
  return { off, promises }
}
