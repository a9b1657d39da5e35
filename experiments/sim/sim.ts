import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERSION } from '../../proxy/admin/version.ts'
import { Interrupt } from '../live/interrupt.ts'
import { paintFor } from '../live/paint.ts'
import { print } from '../live/print.ts'
import type { Format } from './formats.ts'
import { makeFolder } from './folder.ts'
import { init } from './init.ts'
import { listExperiments } from './list.ts'
import { questionOf } from './question.ts'
import type { SimFlags } from './options.ts'
import { Progress } from './progress.ts'
import { Replicator } from './replicator.ts'
import { csvReport } from '../../simulator/study/report-csv.ts'
import { humanReport } from './report-human.ts'
import { jsonReport } from '../../simulator/study/report-json.ts'
import { markdownReport } from './report-markdown.ts'
import { type Question, study, type Study } from '../../simulator/study/study.ts'
import { WrongInput } from './wrong-input.ts'

/** Exit codes; see the verb's help. */
const [DONE, BROKEN, WRONG, UNDECIDED, INTERRUPTED] = [0, 1, 2, 3, 130]

const WIDTH_OF_A_PIPE = 100

/** Answers the question that the flags ask, and gives the exit code. */
export async function sim(path: string | undefined, flags: SimFlags): Promise<number> {
  try {
    const { list, out } = flags
    if (path !== undefined && (list === true || flags.init !== undefined))
      throw new WrongInput(`${list === true ? '--list' : '--init'} takes no scenario, got ${path}`)
    if (list === true || flags.init !== undefined) {
      await print(list === true ? listExperiments(widthOf(process.stdout)) : init(flags.init!))
      return DONE
    }
    if (out !== undefined) makeFolder(out)
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

async function answer(question: Question, flags: SimFlags, interrupt: Interrupt): Promise<number> {
  const replicator = new Replicator(question, flags.threads)
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
    writeFileSync(join(flags.out, 'result.json'), jsonReport(found, VERSION))
    writeFileSync(join(flags.out, 'table.md'), markdownReport(found))
    writeFileSync(join(flags.out, 'table.csv'), csvReport(found))
  }
  if (found.interrupted) return INTERRUPTED
  const { precision: wanted } = question
  return wanted === undefined || (found.precision ?? Infinity) <= wanted ? DONE : UNDECIDED
}

function told(found: Study, format: Format): string {
  if (format === 'json') return jsonReport(found, VERSION)
  if (format === 'csv') return csvReport(found)
  if (format === 'markdown') return markdownReport(found)
  const { stdout } = process
  return humanReport(found, {
    width: widthOf(stdout),
    paint: paintFor(stdout, process.env),
    ascii: hasLettersOnly(process.env),
  })
}

function widthOf({ columns, isTTY }: NodeJS.WriteStream): number {
  return isTTY ? columns || 80 : WIDTH_OF_A_PIPE
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
