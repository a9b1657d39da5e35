import { closeSync, openSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { neitherNameNorFile } from '../../proxy/config-strategy.ts'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { isStrategyPath } from '../../proxy/strategy-path.ts'
import { findStrategy, STRATEGIES } from '../../proxy/strategies/index.ts'
import { type Paint, paintFor, plain } from '../live/paint.ts'
import { Interrupt } from '../live/interrupt.ts'
import { print } from '../live/print.ts'
import { WrongInput } from '../sim/wrong-input.ts'
import type { Format } from './formats.ts'
import { checkGate } from './gate/check-gate.ts'
import { itemsOf, type Outcome } from './gate/item.ts'
import { humanOutcome } from './gate/outcome-human.ts'
import { jsonOutcome } from './gate/outcome-json.ts'
import { junitOutcome } from './gate/outcome-junit.ts'
import { markdownOutcome } from './gate/outcome-markdown.ts'
import { judgeAll } from './judge-all.ts'
import { CHECKED_LAWS } from './laws.ts'
import type { CheckFlags } from './options.ts'
import { humanReport } from './report-human.ts'
import { jsonReport } from './report-json.ts'
import { junitReport } from './report-junit.ts'
import { markdownReport } from './report-markdown.ts'
import {
  brokenOf,
  DEFAULT_SEED,
  isEmpty,
  NOTHING_ASKED,
  type Report,
  type Target,
} from './verdicts.ts'

const WRITERS: Readonly<Record<Format, (report: Report, paint: Paint, width: number) => string>> = {
  human: humanReport,
  json: jsonReport,
  junit: junitReport,
  markdown: markdownReport,
}

const GATE_WRITERS: Readonly<
  Record<Format, (outcome: Outcome, paint: Paint, width: number) => string>
> = {
  human: humanOutcome,
  json: jsonOutcome,
  junit: junitOutcome,
  markdown: markdownOutcome,
}

/** Flags that mean something with a gate file only. */
const OF_GATES = [
  ['only', '--only'],
  ['reps', '--reps'],
  ['untilDecided', '--until-decided'],
  ['maxReps', '--max-reps'],
  ['baseline', '--baseline'],
  ['saveBaseline', '--save-baseline'],
  ['threads', '--threads'],
] as const

/** Judges, tells, and gives the exit code. */
export async function check(names: readonly string[], flags: CheckFlags): Promise<number> {
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name))
  const problems = [...problemsOf(names, files, flags), ...(flags.law ?? []).flatMap(faultOfLaw)]
  if (problems.length > 0) return fail(problems.join('\n'), 2)
  const { out } = flags
  const unwritable = out === undefined ? undefined : whyNotTo(() => closeSync(openSync(out, 'a')))
  if (unwritable !== undefined) return fail(`cannot write ${out}: ${unwritable}`, 1)
  return files.length === 0 ? checkLaws(names, flags) : checkFile(files[0], flags)
}

function problemsOf(
  names: readonly string[],
  files: readonly string[],
  flags: CheckFlags,
): string[] {
  if (files.length === 0) {
    const idle = OF_GATES.filter(([key]) => flags[key] !== undefined)
    return [
      ...names.flatMap(faultOf),
      ...idle.map(([, flag]) => `${flag} goes with a gate file, like evenkeel.check.yaml`),
    ]
  }
  if (names.length === 1) return []
  return [`a gate file comes alone, got ${names.join(' ')}: strategies are listed in it under laws`]
}

async function checkLaws(names: readonly string[], flags: CheckFlags): Promise<number> {
  const interrupt = new Interrupt(() => process.exit(130))
  const trials = { ...flags, seed: flags.seed ?? DEFAULT_SEED }
  const report = await judgeAll(targetsOf(names), trials, interrupt)
  interrupt.release()
  if (report.judgements.every(isEmpty) && !report.interrupted)
    return fail(`${NOTHING_ASKED}: see what it claims`, 2)
  return tell(
    flags,
    (paint, width) => WRITERS[flags.format](report, paint, width),
    exitCodeOf(report),
  )
}

async function checkFile(file: string, flags: CheckFlags): Promise<number> {
  let outcome: Outcome
  try {
    outcome = await checkGate(file, flags)
  } catch (error) {
    return fail((error as Error).message, error instanceof WrongInput ? 2 : 1)
  }
  const { interrupted, laws } = outcome
  const verdicts = itemsOf(outcome).map(({ verdict }) => verdict)
  const ofLaws = laws === undefined ? 0 : exitCodeOf(laws)
  const open = verdicts.includes('undecided') ? 3 : 0
  const code =
    ofLaws === 2 ? 2 : verdicts.includes('fail') ? 99 : ofLaws || (interrupted ? 130 : open)
  return tell(flags, (paint, width) => GATE_WRITERS[flags.format](outcome, paint, width), code, 100)
}

/** Writes a report to where it was asked for, and gives the exit code. `pipe`: its width where there is no terminal. */
async function tell(
  { out }: CheckFlags,
  write: (paint: Paint, width: number) => string,
  code: number,
  pipe = 80,
): Promise<number> {
  if (out === undefined) {
    const width = process.stdout.isTTY ? process.stdout.columns || 80 : pipe
    await print(write(paintFor(process.stdout, process.env), width))
    return code
  }
  const fault = whyNotTo(() => writeFileSync(out, write(plain, pipe)))
  return fault === undefined ? code : fail(`cannot write ${out}: ${fault}`, 1)
}

/** Undefined if it can be done. */
function whyNotTo(act: () => void): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function targetsOf(names: readonly string[]): Target[] {
  if (names.length === 0) return STRATEGIES.map(({ name }) => ({ name, file: undefined }))
  const targets = names.map((name): Target => {
    if (isStrategyPath(name)) return { name, file: resolve(name) }
    return { name: findStrategy(name)!.name, file: undefined }
  })
  // An alias and its name are one.
  const keys = targets.map(({ name, file = name }) => file)
  return targets.filter((_, i) => keys.indexOf(keys[i]) === i)
}

function exitCodeOf({ interrupted, judgements }: Report): number {
  if (judgements.some(({ unusable }) => unusable !== undefined)) return 2
  if (judgements.some((judgement) => brokenOf(judgement).length > 0)) return 99
  return interrupted ? 130 : 0
}

function faultOf(name: string): string[] {
  if (isStrategyPath(name) || findStrategy(name) !== undefined) return []
  return [`a strategy ${neitherNameNorFile(name)}`]
}

function faultOfLaw(id: string): string[] {
  const ids = CHECKED_LAWS.map((law) => law.id)
  if (ids.includes(id)) return []
  const meant = didYouMean(id, ids)
  const hint = meant === undefined ? `there are ${ids.join(', ')}` : `did you mean ${meant}?`
  return [`there is no law ${JSON.stringify(id)}: ${hint}`]
}

function fail(message: string, code: 1 | 2): number {
  for (const line of message.split('\n')) process.stderr.write(`evenkeel check: ${line}\n`)
  return code
}
