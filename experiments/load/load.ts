import { plural } from '../../simulator/format.ts'
import { Interrupt } from '../live/interrupt.ts'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import type { Threshold } from '../thresholds/threshold.ts'
import { ceilingTold } from './ceiling-formats.ts'
import { findCeiling } from './ceiling.ts'
import { drive } from './drive.ts'
import { CEILING_FORMATS, FORMATS } from './formats.ts'
import { measure } from './measure.ts'
import type { LoadFlags } from './options.ts'
import { type Plan, planOf } from './plan.ts'
import { unreachable } from './preflight.ts'
import { LoadProgress } from './progress.ts'
import { rehearse } from './rehearsal.ts'
import type { LoadReport } from './report.ts'
import { readThresholds } from './thresholds.ts'
import { told, writer, type Writer } from './write.ts'

/** Exit codes; see the verb's help. */
const [DONE, BROKEN, WRONG, UNDECIDED, FAILED, INTERRUPTED] = [0, 1, 2, 3, 99, 130]

const WIDTH_OF_A_PIPE = 100
/** How long a target may take to let us connect, in milliseconds. */
const PATIENCE = 10_000

/** Sends what the flags say, tells what came of it, and gives the exit code. */
export async function load(address: string, flags: LoadFlags): Promise<number> {
  try {
    const plan = await planOf(address, flags)
    const thresholds = readThresholds(flags.threshold ?? [])
    const formats = flags.findCeiling === true ? CEILING_FORMATS : FORMATS
    if (!formats.some((each) => each === flags.format))
      throw new WrongInput(`--find-ceiling can be told as ${formats.join(', ')}`)
    const write: Writer = flags.out === undefined ? () => {} : writer(flags.out, formats)
    const why = await unreachable(plan.url, plan.tls, Math.min(PATIENCE, flags.timeout))
    if (why !== undefined) return complain(`${plan.url.origin} ${why}`, BROKEN)
    const interrupt = new Interrupt(() => process.exit(INTERRUPTED))
    const progress = new LoadProgress(process.stderr)
    try {
      progress.say('rehearsing with a server of our own')
      const rehearsal = await rehearse(plan, flags.rehearsal)
      if (flags.findCeiling === true)
        return await ceiling(plan, flags, thresholds, write, interrupt, progress)
      const driven = await drive(plan, interrupt, (_sender, { last }, elapsed) =>
        progress.show(last!, elapsed, plan.duration),
      )
      progress.end()
      const report = measure(plan, driven, rehearsal, flags, thresholds)
      const { account } = driven.sender
      const { stdout } = process
      await print(
        told(report, account, flags.format, widthOf(stdout), paintFor(stdout, process.env)),
      )
      write((format) => told(report, account, format))
      return exitCodeOf(report)
    } finally {
      progress.end()
      interrupt.release()
    }
  } catch (error) {
    return complain((error as Error).message, error instanceof WrongInput ? WRONG : BROKEN)
  }
}

/** Nothing was measured where nothing was answered, and what is invalid decides nothing. */
function exitCodeOf({ interrupted, requests, thresholds, valid }: LoadReport): number {
  if (interrupted) return INTERRUPTED
  if (thresholds.some(({ verdict }) => verdict === 'fail')) return FAILED
  if (!valid || thresholds.some(({ verdict }) => verdict === 'undecided')) return UNDECIDED
  return requests.due > 0 && requests.answered === 0 ? BROKEN : DONE
}

async function ceiling(
  plan: Plan,
  flags: LoadFlags,
  thresholds: readonly Threshold[],
  write: Writer,
  interrupt: Interrupt,
  progress: LoadProgress,
): Promise<number> {
  const found = await findCeiling(plan, flags.seed, thresholds, interrupt, ({ users }) =>
    progress.say(`trying ${plural(users, 'user')}`),
  )
  progress.end()
  const { stdout } = process
  await print(ceilingTold(found, flags.format, widthOf(stdout), paintFor(stdout, process.env)))
  write((format) => ceilingTold(found, format))
  if (interrupt.happened) return INTERRUPTED
  if (found.steps[0]?.broke !== undefined) return FAILED
  return found.ceiling === null ? UNDECIDED : DONE
}

function widthOf({ columns, isTTY }: NodeJS.WriteStream): number {
  return isTTY ? columns || 80 : WIDTH_OF_A_PIPE
}

function complain(message: string, code: number): number {
  for (const line of message.split('\n')) process.stderr.write(`evenkeel load: ${line}\n`)
  return code
}
