import { writePath } from '../../proxy/core/problems.ts'
import { rehearse } from '../../proxy/strategy-rehearsal.ts'
import { StrategyFileError } from '../../proxy/strategy-file.ts'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { checkScenario } from '../../simulator/check-scenario.ts'
import { doubts } from '../../simulator/check/whole.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import type { Interrupt } from '../live/interrupt.ts'
import type { ScenarioFile } from '../scenario-file.ts'
import type { Contender } from '../../simulator/study/contender.ts'
import type { Replay } from '../../simulator/study/replay.ts'
import { contendersOf } from './contenders.ts'
import { type Cases, casesIn } from './experiment-cases.ts'
import { loadScenario } from './load-scenario.ts'
import type { SimFlags } from './options.ts'
import { replayOf } from './replay.ts'
import type { Question } from '../../simulator/study/study.ts'
import { spanOf } from '../../simulator/study/words.ts'
import { WrongInput } from './wrong-input.ts'

/** What the arguments ask. Throws `WrongInput`; undefined if somebody does not want to wait. */
export async function questionOf(
  path: string | undefined,
  flags: SimFlags,
  interrupt: Interrupt,
): Promise<Question | undefined> {
  const loaded = await baseOf(path, flags)
  const { duration = loaded.scenario.duration, seed = loaded.scenario.seed } = flags
  let scenario: Scenario = { ...loaded.scenario, duration, seed }
  const cases = path === undefined ? undefined : await casesIn(loaded.home)
  const contenders = contendersFor(loaded, cases, flags)
  let replay: Replay | undefined
  if (flags.trace !== undefined) {
    const replayed = await replayOf(scenario, { ...flags, trace: flags.trace }, interrupt)
    if (replayed === undefined) return undefined
    ;({ replay, scenario } = replayed)
    if (flags.duration !== undefined) scenario = { ...scenario, duration: flags.duration }
  }
  if (flags.duration !== undefined || replay !== undefined) recheck(scenario)
  const warmup = warmupOf(flags.warmup, scenario)
  await tryOut(contenders, scenario)
  const { maxReps, reps, untilPrecise: precision } = flags
  const warnings = warningsOf(loaded, contenders, scenario)
  const partOf = cases?.varies === true ? cases.name : undefined
  return { scenario, warnings, partOf, replay, contenders, reps, warmup, precision, maxReps }
}

/** What was asked for, or the scenario's own, or found by a pilot. Throws `WrongInput` where it leaves nothing. */
export function warmupOf(given: SimFlags['warmup'], scenario: Scenario): 'auto' | number {
  const warmup = given ?? scenario.warmup ?? 'auto'
  if (warmup === 'auto' || warmup < scenario.duration) return warmup
  const [cut, all] = [spanOf(warmup), spanOf(scenario.duration)]
  throw new WrongInput(
    `a warm-up of ${cut} leaves nothing of ${all} to be measured: give another --warmup or --duration`,
  )
}

/** What was checked before has got another duration, or times and work from a trace. */
function recheck(scenario: Scenario): void {
  const checked = checkScenario(scenario)
  if (!('problems' in checked)) return
  throw new WrongInput(
    checked.problems.map(({ path, text }) => `${writePath(path)} ${text}`).join('\n'),
  )
}

/** Those that were asked for, or the scenario's, or its experiment's. */
function contendersFor(
  { home, place, scenario, strategies }: ScenarioFile,
  cases: Cases | undefined,
  { strategy }: SimFlags,
): Contender[] {
  const own = cases?.own ?? new Map()
  if (strategy !== undefined) return contendersOf(strategy, { own })
  if (strategies !== undefined) {
    return contendersOf(strategies, { home, own, place: (index) => place(['strategies', index]) })
  }
  return contendersOf(cases?.strategies ?? [scenario.strategy], { home, own })
}

/** Of the scenario as it was read, and of each strategy in the scenario as it will run. */
function warningsOf(
  { scenario: given, warnings }: ScenarioFile,
  contenders: readonly Contender[],
  scenario: Scenario,
): string[] {
  // A trace may have brought keys.
  const own = scenario.keys === undefined ? warnings : []
  // A flag or a trace may have brought another duration.
  const read =
    scenario.duration === given.duration ? own : own.filter((each) => !each.startsWith('duration '))
  const others = read.filter((warning) => !warning.startsWith('strategy '))
  return [...others, ...doubtsOf(contenders, scenario)]
}

/** What is allowed, but hardly meant, of each strategy in that scenario. */
export function doubtsOf(contenders: readonly Contender[], scenario: Scenario): string[] {
  return contenders.flatMap((each) =>
    'spec' in each
      ? doubts({ ...scenario, strategy: each.spec })
          .filter(({ path: [key] }) => key === 'strategy')
          .map(({ text }) => `${each.label} ${text}`)
      : [],
  )
}

/** What was named, or servers that are all alike for a trace. */
async function baseOf(path: string | undefined, flags: SimFlags): Promise<ScenarioFile> {
  const { servers, trace } = flags
  const [idle] = trace === undefined ? OF_TRACES.filter(([key]) => flags[key] !== undefined) : []
  if (idle !== undefined) throw new WrongInput(`${idle[1]} needs a --trace to replay`)
  if (path !== undefined) {
    if (servers === undefined) return loadScenario(path)
    throw new WrongInput('--servers goes with a trace alone: a scenario has its own')
  }
  if (trace === undefined) {
    throw new WrongInput('which scenario? A folder or a file; --list shows what comes along')
  }
  const scenario: Scenario = {
    name: trace,
    seed: 1,
    duration: 1,
    arrivals: { type: 'trace', times: [] },
    work: { type: 'constant', value: 1 },
    servers: [{ count: servers ?? SERVERS }],
    strategy: 'round_robin',
  }
  return { scenario, warnings: [], strategies: EVERYBODY, home: '.', place: () => '' }
}

/** What says how recorded requests are read and replayed. */
const OF_TRACES = [
  ['speed', '--speed'],
  ['spread', '--spread'],
  ['logFormat', '--log-format'],
  ['timeColumn', '--time-column'],
  ['timeUnit', '--time-unit'],
  ['keyColumn', '--key-column'],
  ['work', '--work'],
] as const

/** In front of a trace, unless somebody says otherwise. */
const SERVERS = 3
const EVERYBODY = STRATEGIES.map(({ name }) => name)

/** Files of the user's, before a thread depends on them: one that never comes back could not be told from a long run. */
export async function tryOut(contenders: readonly Contender[], scenario: Scenario): Promise<void> {
  const servers = scenario.servers.flatMap(({ count = 1, weight = 1 }, i) =>
    Array.from({ length: Math.min(count, 100) }, (_, j) => ({ id: `${i + 1}.${j + 1}`, weight })),
  )
  for (const each of contenders) {
    if (!('file' in each)) continue
    try {
      await rehearse({ file: each.file, options: each.options, servers })
    } catch (error) {
      if (error instanceof StrategyFileError) throw new WrongInput(error.message)
      throw error
    }
  }
}
