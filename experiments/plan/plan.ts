import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Interrupt } from '../live/interrupt.ts'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import { makeFolder } from '../sim/folder.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import { TraceFormatError } from '../../simulator/trace/errors.ts'
import { TraceFileError } from '../trace/read.ts'
import type { PlanFlags } from './options.ts'
import { Player } from './player.ts'
import { humanReport } from './report-human.ts'
import { jsonReport } from './report-json.ts'
import { markdownReport } from './report-markdown.ts'
import { type Found, planning } from './planning.ts'

/** Exit codes; see the verb's help. */
const [DONE, BROKEN, WRONG, UNDECIDED, INTERRUPTED] = [0, 1, 2, 3, 130]
const WIDTH_OF_A_PIPE = 100

/** Answers what would have been, and gives the exit code. */
export async function plan(file: string, flags: PlanFlags): Promise<number> {
  const interrupt = new Interrupt(() => process.exit(INTERRUPTED))
  const player = new Player(process.stderr, interrupt)
  try {
    if (flags.out !== undefined) makeFolder(flags.out)
    const found = await planning(file, flags, interrupt, player)
    player.end()
    if (found === undefined) return INTERRUPTED
    await print(told(found, flags))
    if (flags.out !== undefined) {
      writeFileSync(join(flags.out, 'plan.json'), jsonReport(found))
      writeFileSync(join(flags.out, 'plan.md'), markdownReport(found))
    }
    if (found.interrupted) return INTERRUPTED
    return found.refused ? UNDECIDED : DONE
  } catch (error) {
    player.end()
    return complain((error as Error).message, isWrong(error) ? WRONG : BROKEN)
  } finally {
    interrupt.release()
  }
}

function isWrong(error: unknown): boolean {
  return (
    error instanceof WrongInput ||
    error instanceof TraceFileError ||
    error instanceof TraceFormatError
  )
}

function told(found: Found, { format }: PlanFlags): string {
  if (format === 'json') return jsonReport(found)
  if (format === 'markdown') return markdownReport(found)
  const { stdout } = process
  const width = stdout.isTTY ? stdout.columns || 80 : WIDTH_OF_A_PIPE
  return humanReport(found, Math.max(60, width), paintFor(stdout, process.env))
}

function complain(message: string, code: number): number {
  for (const line of message.split('\n')) process.stderr.write(`evenkeel plan: ${line}\n`)
  return code
}
