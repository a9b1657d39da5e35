import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { STRATEGIES } from '../../proxy/strategies/index.ts'
import { rehearse } from '../../proxy/strategy-rehearsal.ts'
import { StrategyFileError } from '../../proxy/strategy-file.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { Interrupt } from '../live/interrupt.ts'
import { paintFor } from '../live/paint.ts'
import { type Contender, contendersOf } from './contenders.ts'
import type { Format } from './formats.ts'
import { init } from './init.ts'
import { listExperiments } from './list.ts'
import { type LoadedScenario, loadScenario } from './load-scenario.ts'
import type { SimFlags } from './options.ts'
import { Progress } from './progress.ts'
import { type Replay, replayOf } from './replay.ts'
import { Replicator } from './replicator.ts'
import { csvReport } from './report-csv.ts'
import { humanReport } from './report-human.ts'
import { jsonReport } from './report-json.ts'
import { markdownReport } from './report-markdown.ts'
import { type Question, study, type Study } from './study.ts'
import { spanOf } from './words.ts'
import { WrongInput } from './wrong-input.ts'

/** Exit codes; see the verb's help. */
const [DONE, BROKEN, WRONG, UNDECIDED, INTERRUPTED] = [0, 1, 2, 3, 130]

const WIDTH_OF_A_PIPE = 100

/** Answers the question that the flags ask, and gives the exit code. */
export async function sim(path: string | undefined, flags: SimFlags): Promise<number> {
  try {
    if (flags.list === true) return await print(listExperiments())
    if (flags.init !== undefined) return await print(init(flags.init))
    if (flags.out !== undefined) mkdirSync(flags.out, { recursive: true })
    const interrupt = new Interrupt(() => process.exit(INTERRUPTED))
    try {
      const question = await questionOf(path, flags, interrupt)
      return question === undefined ? INTERRUPTED : await answer(question, flags, interrupt)
    } finally {
      interrupt.release()
    }
  } catch (error) {
    return complain((error as Error).message, error instanceof WrongInput ? WRONG : BROKEN)
  }
}

async function questionOf(
  path: string | undefined,
  flags: SimFlags,
  interrupt: Interrupt,
): Promise<Question | undefined> {
  const loaded = await baseOf(path, flags)
  const { duration = loaded.scenario.duration, seed = loaded.scenario.seed } = flags
  let scenario: Scenario = { ...loaded.scenario, duration, seed }
  const contenders =
    flags.strategy === undefined
      ? contendersOf(loaded.strategies ?? [scenario.strategy], loaded.home)
      : contendersOf(flags.strategy)
  let replay: Replay | undefined
  if (flags.trace !== undefined) {
    const replayed = await replayOf(scenario, { ...flags, trace: flags.trace }, interrupt)
    if (replayed === undefined) return undefined
    ;({ replay, scenario } = replayed)
    if (flags.duration !== undefined) scenario = { ...scenario, duration: flags.duration }
  }
  const warmup = flags.warmup ?? scenario.warmup ?? 'auto'
  if (warmup !== 'auto' && warmup >= scenario.duration) {
    const [cut, all] = [spanOf(warmup), spanOf(scenario.duration)]
    throw new WrongInput(`a warm-up of ${cut} leaves nothing of ${all} to be measured`)
  }
  await tryOut(contenders, scenario)
  const { maxReps, reps, untilPrecise } = flags
  return { scenario, replay, contenders, reps, warmup, precision: untilPrecise, maxReps }
}

/** What was named, or servers that are all alike for a trace. */
async function baseOf(path: string | undefined, flags: SimFlags): Promise<LoadedScenario> {
  const { servers, speed, spread, trace } = flags
  if (trace === undefined && (speed ?? spread) !== undefined) {
    throw new WrongInput('--speed and --spread need a --trace to replay')
  }
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
  return { scenario, strategies: EVERYBODY, home: '.' }
}

/** In front of a trace, unless somebody says otherwise. */
const SERVERS = 3
const EVERYBODY = STRATEGIES.map(({ name }) => name)

/** Files of the user's, before a thread depends on them: one that never comes back could not be told from a long run. */
async function tryOut(contenders: readonly Contender[], scenario: Scenario): Promise<void> {
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

async function answer(question: Question, flags: SimFlags, interrupt: Interrupt): Promise<number> {
  const replicator = new Replicator(question.scenario, question.contenders, flags.threads)
  void interrupt.first.then(() => replicator.stop())
  const progress = new Progress(process.stderr, replicator)
  let found: Study
  try {
    found = await study(question, replicator, () => interrupt.happened)
  } finally {
    progress.end()
    await replicator.close()
  }
  await print(told(found, flags.format))
  if (flags.out !== undefined) {
    writeFileSync(join(flags.out, 'result.json'), jsonReport(found))
    writeFileSync(join(flags.out, 'table.md'), markdownReport(found))
    writeFileSync(join(flags.out, 'table.csv'), csvReport(found))
  }
  if (found.interrupted) return INTERRUPTED
  const { precision: wanted } = question
  return wanted === undefined || (found.precision ?? Infinity) <= wanted ? DONE : UNDECIDED
}

function told(found: Study, format: Format): string {
  if (format === 'json') return jsonReport(found)
  if (format === 'csv') return csvReport(found)
  if (format === 'markdown') return markdownReport(found)
  const { stdout } = process
  const width = stdout.isTTY ? stdout.columns || 80 : WIDTH_OF_A_PIPE
  return humanReport(found, {
    width,
    paint: paintFor(stdout, process.env),
    ascii: hasLettersOnly(process.env),
  })
}

/** A locale that says so, or a terminal that is known for it. Where nothing is said nearly every terminal knows more. */
function hasLettersOnly(environment: NodeJS.ProcessEnv): boolean {
  const { LANG, LC_ALL, LC_CTYPE, TERM } = environment
  const locale = LC_ALL || LC_CTYPE || LANG || 'UTF-8'
  return TERM === 'dumb' || TERM === 'linux' || !/utf-?8/i.test(locale)
}

function complain(message: string, code: number): number {
  for (const line of message.split('\n')) process.stderr.write(`evenkeel sim: ${line}\n`)
  return code
}

/** Resolves when it is written: who exits before, into a pipe, loses the end of it. */
async function print(text: string): Promise<number> {
  await new Promise((written) => process.stdout.write(text, written))
  return DONE
}
