import { VERSION } from '../../proxy/admin/version.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { describeMachine, machineLines } from '../bench/machine.ts'
import { Interrupt } from '../live/interrupt.ts'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { quoted } from '../check/verdicts.ts'
import type { Threshold } from '../thresholds/threshold.ts'
import { mustBeLive, scenarioOf, strategiesFor } from '../world/asked.ts'
import { claim, writeInto } from '../sim/folder.ts'
import type { TwinFlags } from './command.ts'
import type { Verdicts } from './judging.ts'
import { twinProgress } from './progress.ts'
import { humanReport, markdownReport } from './report.ts'
import { jsonReport } from './report-json.ts'
import { CALIBRATE, SCENARIOS, STRATEGIES } from './scenarios.ts'
import { judgeTwins, readTwinThresholds } from './thresholds.ts'
import { type TwinQuestion, type Twins, twins } from './twins.ts'

/** Exit codes; see the verb's help. */
const [DONE, BROKEN, WRONG, UNDECIDED, MISSED, INTERRUPTED] = [0, 1, 2, 3, 99, 130]

const WIDTH_OF_A_PIPE = 160

const QUICK = {
  scenarios: ['equal', 'short-queues'],
  strategies: ['round_robin', 'power_of_two'],
  duration: 1500,
  warmup: 300,
} as const

/** Answers what the flags ask, and gives the exit code. */
export async function twin(names: readonly string[], flags: TwinFlags): Promise<number> {
  const interrupt = new Interrupt(() => process.exit(INTERRUPTED))
  try {
    const question = await questionOf(names, flags)
    if (flags.out !== undefined) claim(flags.out, ['result.json', 'table.md'])
    const onRun = twinProgress(process.stderr)
    const measured = await twins(question, { interrupted: interrupt.first, onRun })
    const found = question.thresholds.length === 0 ? measured : judged(measured, question, flags)
    await print(told(found, flags))
    if (flags.out !== undefined)
      writeInto(flags.out, {
        'result.json': jsonReport(found, VERSION, describeMachine()),
        'table.md': markdownReport(found, machineLines(describeMachine())),
      })
    return found.interrupted ? INTERRUPTED : verdictOf(found)
  } catch (error) {
    const { message } = error as Error
    for (const line of message.split('\n')) process.stderr.write(`evenkeel twin: ${line}\n`)
    return error instanceof WrongInput ? WRONG : BROKEN
  } finally {
    interrupt.release()
  }
}

/** The exit code. Of invalid runs nothing is said: the goal may be missed because of them, and may be met by chance. */
export function verdictOf({ scenarios }: Twins): number {
  const verdicts = scenarios.flatMap(({ asked }) => asked?.verdicts ?? [])
  if (verdicts.length > 0) return codeOf(verdicts)
  const findings = scenarios.flatMap((each) => each.findings)
  if (findings.some(({ disturbed }) => disturbed.length > 0)) return UNDECIDED
  const contrary = scenarios.flatMap(({ rankings }) => rankings.flatMap((each) => each.contrary))
  return contrary.length === 0 && findings.every(({ missed }) => missed.length === 0)
    ? DONE
    : MISSED
}

function codeOf(verdicts: readonly Verdicts[]): number {
  const all = verdicts.flatMap(({ items }) => items.map(({ verdict }) => verdict))
  return all.includes('fail') ? MISSED : all.includes('undecided') ? UNDECIDED : DONE
}

/** Each scenario with what its thresholds come to, in place of the goal. */
function judged(found: Twins, { named, reps, thresholds }: Question, flags: TwinFlags): Twins {
  const scenarios = found.scenarios.map((each) => {
    const { findings, scenario } = each
    const labels = flags.strategy === undefined ? [] : findings.map(({ strategy }) => strategy)
    const again = againOf(named.get(scenario) ?? scenario.name, scenario, labels, reps, flags)
    return { ...each, asked: { verdicts: judgeTwins(thresholds, each), again } }
  })
  return { ...found, scenarios }
}

/** The command that measures one scenario again, with the same requests. */
function againOf(
  name: string,
  { seed }: Scenario,
  labels: readonly string[],
  reps: number,
  { duration, quick, threshold = [], warmup }: TwinFlags,
): string {
  return [
    'npx evenkeel twin',
    quoted(name),
    ...(labels.length === 0 ? [] : ['--strategy', quoted(labels.join(','))]),
    '--seed',
    String(seed),
    ...(quick ? ['--quick'] : ['--reps', String(reps)]),
    ...(duration === undefined ? [] : ['--duration', `${duration}ms`]),
    ...(warmup === undefined ? [] : ['--warmup', `${warmup}ms`]),
    ...threshold.flatMap((each) => ['--threshold', quoted(each)]),
  ].join(' ')
}

interface Question extends TwinQuestion {
  readonly thresholds: readonly Threshold[]
  /** As the user named them. */
  readonly named: ReadonlyMap<Scenario, string>
}

async function questionOf(names: readonly string[], flags: TwinFlags): Promise<Question> {
  const { quick = false, reps } = flags
  const usual = quick ? QUICK.scenarios : SCENARIOS.map(({ name }) => name)
  const { duration, warmup } = quick ? QUICK : {}
  const changes = { duration, warmup, ...flags }
  const named = new Map<Scenario, string>()
  for (const name of new Set(names.length > 0 ? names : usual)) {
    named.set(await scenarioOf(name, changes), name)
  }
  const scenarios = [...named.keys()]
  const strategies = flags.strategy ?? (quick ? QUICK.strategies : STRATEGIES)
  const contenders = strategiesFor(strategies)
  mustBeLive(scenarios, contenders)
  const runs = quick ? 1 : reps
  return {
    scenarios,
    named,
    contenders,
    thresholds: readTwinThresholds(flags.threshold ?? [], runs, contenders.length),
    reps: runs,
    calibrate: quick ? QUICK.duration : CALIBRATE,
  }
}

function told(found: Twins, { format }: TwinFlags): string {
  if (format === 'json') return jsonReport(found, VERSION, describeMachine())
  if (format === 'markdown') return markdownReport(found, machineLines(describeMachine()))
  const { stdout } = process
  const width = stdout.isTTY ? stdout.columns || 80 : WIDTH_OF_A_PIPE
  return humanReport(found, width, paintFor(stdout, process.env))
}
