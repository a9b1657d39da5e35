import { VERSION } from '../../proxy/admin/version.ts'
import { checkScenario } from '../../simulator/check-scenario.ts'
import { simulate } from '../../simulator/result.ts'
import { describeMachine } from '../bench/machine.ts'
import { Interrupt } from '../live/interrupt.ts'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { mustBeLive, scenarioOf, strategiesFor } from './asked.ts'
import type { ExperimentFlags } from './command.ts'
import { disturbancesOf } from './disturbances.ts'
import { runLive } from './live-run.ts'
import { claim, writeInto } from '../sim/folder.ts'
import { type Found, humanTable, jsonTable, markdownTable, type Row } from './table.ts'

/** Exit codes; see the verb's help. */
const [DONE, BROKEN, WRONG, UNDECIDED, INTERRUPTED] = [0, 1, 2, 3, 130]

const WIDTH_OF_A_PIPE = 120

/** Runs what the flags ask for, and gives the exit code. */
export async function experiment(name: string, flags: ExperimentFlags): Promise<number> {
  const interrupt = new Interrupt(() => process.exit(INTERRUPTED))
  try {
    const found = await foundBy(name, flags, interrupt)
    await print(told(found, flags))
    if (flags.out !== undefined)
      writeInto(flags.out, { 'result.json': jsonTable(found), 'table.md': markdownTable(found) })
    if (interrupt.happened) return INTERRUPTED
    return found.rows.some(({ disturbed }) => disturbed.length > 0) ? UNDECIDED : DONE
  } catch (error) {
    const { message } = error as Error
    for (const line of message.split('\n')) process.stderr.write(`evenkeel experiment: ${line}\n`)
    return error instanceof WrongInput ? WRONG : BROKEN
  } finally {
    interrupt.release()
  }
}

async function foundBy(name: string, flags: ExperimentFlags, interrupt: Interrupt): Promise<Found> {
  const { strategy, world } = flags
  const scenario = await scenarioOf(name, flags)
  const checked = checkScenario(scenario)
  if ('problems' in checked)
    throw new WrongInput(checked.problems.map(({ text }) => text).join('\n'))
  const contenders = strategiesFor(strategy ?? [scenario.strategy])
  if (world !== 'sim') mustBeLive([scenario], contenders)
  if (flags.out !== undefined) claim(flags.out, ['result.json', 'table.md'])
  const rows: Row[] = []
  for (const { label, spec } of contenders) {
    const asked = { ...scenario, strategy: spec }
    if (interrupt.happened) break
    if (world !== 'live') rows.push({ label, world: 'sim', result: simulate(asked), disturbed: [] })
    if (world === 'sim') continue
    const live = await runLive(asked, interrupt.first)
    rows.push({ label, world: 'live', result: live.result, disturbed: disturbancesOf(live) })
  }
  return { version: VERSION, machine: describeMachine(), scenario, rows }
}

function told(found: Found, { format }: ExperimentFlags): string {
  if (format === 'json') return jsonTable(found)
  if (format === 'markdown') return markdownTable(found)
  const { stdout } = process
  const width = stdout.isTTY ? stdout.columns || 80 : WIDTH_OF_A_PIPE
  return humanTable(found, width, paintFor(stdout, process.env))
}
