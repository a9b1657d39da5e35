import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { isMapping, type Path, show } from '../../../proxy/core/problems.ts'
import { didYouMean } from '../../../proxy/core/did-you-mean.ts'
import { checkScenario } from '../../../simulator/check-scenario.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { serverId } from '../../../simulator/server-id.ts'
import type { Contender } from '../../../simulator/study/contender.ts'
import { tooShort } from '../../../simulator/study/too-short.ts'
import { steadinessOf } from '../../../simulator/study/steadiness.ts'
import type { ScenarioFile } from '../../scenario-file.ts'
import { contendersOf } from '../../sim/contenders.ts'
import { casesIn } from '../../sim/experiment-cases.ts'
import { loadScenario } from '../../sim/load-scenario.ts'
import { DEFAULT_REPS } from '../../sim/options.ts'
import { doubtsOf, tryOut, warmupOf } from '../../sim/question.ts'
import { WrongInput } from '../../sim/wrong-input.ts'
import { readThreshold, type Threshold, ThresholdError } from '../../thresholds/threshold.ts'
import { whyNotOf } from './figure-of-run.ts'
import { shownFrom } from './shown-from.ts'
import type { Entry, Promised, SharesGate, Tell } from './gate.ts'
import { promiseOf, whyNoShares } from './promises.ts'
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
  const loaded = await scenarioOf(given, home, tell)
  let scenario = { ...loaded.scenario, ...(seed !== undefined && { seed }) }
  if (given.duration !== undefined)
    scenario = checkedAgain({ ...scenario, duration: given.duration }, tell)
  const contenders = await contendersFor(given, loaded, home, tell)
  const problems: string[] = []
  const thresholds = thresholdsOf(given.thresholds ?? [], scenario, tell, problems)
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

async function scenarioOf(
  { scenario: given }: GivenEntry,
  home: string,
  tell: Tell,
): Promise<ScenarioFile> {
  if (typeof given === 'string') {
    const file = resolve(home, given)
    try {
      return await loadScenario(existsSync(file) ? shownFrom(file) : given)
    } catch (error) {
      if (!(error instanceof WrongInput)) throw error
      const place = tell(['scenario'], 'cannot be used:')
      throw new WrongInput(
        error.message
          .split('\n')
          .map((line) => place.replace(/(?<=used:)/, ` ${line}`))
          .join('\n'),
      )
    }
  }
  if (!isMapping(given))
    throw new WrongInput(
      tell(
        ['scenario'],
        given === undefined
          ? 'is required: a name, a file or a mapping'
          : `must be a name, a file or a mapping, got ${show(given)}`,
      ),
    )
  const { strategies, ...rest } = given
  const checked = checkScenario({ name: 'scenario', seed: 1, strategy: 'round_robin', ...rest })
  if ('problems' in checked)
    throw new WrongInput(
      checked.problems.map(({ path, text }) => tell(['scenario', ...path], text)).join('\n'),
    )
  const warnings = checked.warnings.map(({ path, text }) => tell(['scenario', ...path], text))
  if (strategies !== undefined && !Array.isArray(strategies))
    throw new WrongInput(tell(['scenario', 'strategies'], 'must be a list of strategies'))
  const place = (path: Path): string => tell(['scenario', ...path], '').replace(/^.*(?=\()/, '')
  return { scenario: checked.scenario, warnings, strategies, home, place }
}

function checkedAgain(scenario: Scenario, tell: Tell): Scenario {
  const checked = checkScenario(scenario)
  if ('scenario' in checked) return checked.scenario
  throw new WrongInput(
    checked.problems
      .map(({ text }) => tell(['duration'], `does not fit the scenario: ${text}`))
      .join('\n'),
  )
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

function thresholdsOf(
  given: readonly unknown[],
  scenario: Scenario,
  tell: Tell,
  problems: string[],
): Threshold[] {
  const ids = idsOf(scenario)
  return given.flatMap((text, i): Threshold[] => {
    try {
      if (typeof text !== 'string')
        throw new ThresholdError(`must be a threshold like "p99 < 250ms", got ${show(text)}`, 0)
      const threshold = readThreshold(text)
      const fault = whyNotOf(threshold.figure) ?? stranger(threshold.figure.server, ids)
      if (fault !== undefined) throw new ThresholdError(fault, 0)
      return [threshold]
    } catch (error) {
      if (!(error instanceof ThresholdError)) throw error
      problems.push(tell(['thresholds', i], error.reason, error.at))
      return []
    }
  })
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
