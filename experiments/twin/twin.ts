import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERSION } from '../../proxy/admin/version.ts'
import type { Scenario } from '../../simulator/scenario.ts'
import { describeMachine } from '../bench/machine.ts'
import { Interrupt } from '../live/interrupt.ts'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { mustBeLive, scenarioOf, strategiesFor } from '../world/asked.ts'
import type { TwinFlags } from './command.ts'
import { humanReport, markdownReport } from './report.ts'
import { jsonReport } from './report-json.ts'
import { SCENARIOS, STRATEGIES } from './scenarios.ts'
import { type TwinQuestion, type Twins, twins } from './twins.ts'

/** Exit codes; see the verb's help. */
const [DONE, BROKEN, WRONG, UNDECIDED, MISSED, INTERRUPTED] = [0, 1, 2, 3, 99, 130]

const WIDTH_OF_A_PIPE = 160
/** How long the calibration takes, in milliseconds. */
const CALIBRATE = 8000

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
    if (flags.out !== undefined) mkdirSync(flags.out, { recursive: true })
    const found = await twins(question, { interrupted: interrupt.first, onRun: tellProgress })
    await print(told(found, flags))
    if (flags.out !== undefined) {
      writeFileSync(join(flags.out, 'result.json'), jsonReport(found, VERSION, describeMachine()))
      writeFileSync(join(flags.out, 'table.md'), markdownReport(found))
    }
    return found.interrupted ? INTERRUPTED : verdictOf(found)
  } catch (error) {
    const { message } = error as Error
    for (const line of message.split('\n')) process.stderr.write(`evenkeel twin: ${line}\n`)
    return error instanceof WrongInput ? WRONG : BROKEN
  } finally {
    interrupt.release()
  }
}

/** Of invalid runs nothing is said: the goal may be missed because of them, and may be met by chance. */
export function verdictOf({ scenarios }: Twins): number {
  const findings = scenarios.flatMap((each) => each.findings)
  if (findings.some(({ disturbed }) => disturbed.length > 0)) return UNDECIDED
  const contrary = scenarios.flatMap(({ rankings }) => rankings.flatMap((each) => each.contrary))
  return contrary.length === 0 && findings.every(({ missed }) => missed.length === 0)
    ? DONE
    : MISSED
}

async function questionOf(names: readonly string[], flags: TwinFlags): Promise<TwinQuestion> {
  const { quick = false, reps } = flags
  const usual = quick ? QUICK.scenarios : SCENARIOS.map(({ name }) => name)
  const { duration, warmup } = quick ? QUICK : {}
  const changes = { duration, warmup, ...flags }
  const scenarios: Scenario[] = []
  for (const name of names.length > 0 ? names : usual) {
    scenarios.push(await scenarioOf(name, changes))
  }
  const strategies = flags.strategy ?? (quick ? QUICK.strategies : STRATEGIES)
  const contenders = strategiesFor(strategies)
  mustBeLive(scenarios, contenders)
  return {
    scenarios,
    contenders,
    reps: quick ? 1 : reps,
    calibrate: quick ? QUICK.duration : CALIBRATE,
  }
}

function told(found: Twins, { format }: TwinFlags): string {
  if (format === 'json') return jsonReport(found, VERSION, describeMachine())
  if (format === 'markdown') return markdownReport(found)
  const { stdout } = process
  const width = stdout.isTTY ? stdout.columns || 80 : WIDTH_OF_A_PIPE
  return humanReport(found, width, paintFor(stdout, process.env))
}

const startedAt = performance.now()

function tellProgress(done: number, all: number): void {
  const { stderr } = process
  if (!stderr.isTTY) return
  const left = Math.ceil(((performance.now() - startedAt) / done) * (all - done))
  const words = `${done} of ${all} runs · about ${Math.ceil(left / 1000)} s left`
  stderr.write(done === all ? '\r\u001B[K' : `\r\u001B[K${words}`)
}
