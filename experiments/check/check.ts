import { closeSync, openSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { neitherNameNorFile } from '../../proxy/config-strategy.ts'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { isStrategyPath } from '../../proxy/strategy-path.ts'
import { findStrategy, STRATEGIES } from '../../proxy/strategies/index.ts'
import { type Paint, paintFor, plain } from '../live/paint.ts'
import { Interrupt } from '../live/interrupt.ts'
import type { Format } from './formats.ts'
import { Judging } from './judging.ts'
import { CHECKED_LAWS } from './laws.ts'
import type { CheckFlags } from './options.ts'
import { Progress } from './progress.ts'
import { humanReport } from './report-human.ts'
import { jsonReport } from './report-json.ts'
import { junitReport } from './report-junit.ts'
import { markdownReport } from './report-markdown.ts'
import {
  brokenOf,
  isEmpty,
  type Judgement,
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

/** Judges, tells, and gives the exit code. */
export async function check(names: readonly string[], flags: CheckFlags): Promise<number> {
  const problems = [...names.flatMap(faultOf), ...(flags.law ?? []).flatMap(faultOfLaw)]
  if (problems.length > 0) return fail(problems.join('\n'), 2)
  const { out } = flags
  const unwritable = out === undefined ? undefined : whyNotTo(() => closeSync(openSync(out, 'a')))
  if (unwritable !== undefined) return fail(`cannot write ${out}: ${unwritable}`, 1)
  const report = await judgeAll(targetsOf(names), flags)
  if (report.judgements.every(isEmpty) && !report.interrupted)
    return fail(`${NOTHING_ASKED}: see what it claims`, 2)
  const paint = out === undefined ? paintFor(process.stdout, process.env) : plain
  const width = out === undefined && process.stdout.isTTY ? process.stdout.columns || 80 : 80
  const text = WRITERS[flags.format](report, paint, width)
  if (out === undefined) await print(text)
  else {
    const fault = whyNotTo(() => writeFileSync(out, text))
    if (fault !== undefined) return fail(`cannot write ${out}: ${fault}`, 1)
  }
  return exitCodeOf(report)
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

async function judgeAll(targets: readonly Target[], flags: CheckFlags): Promise<Report> {
  const startedAt = performance.now()
  const { law: laws, runs, seed } = flags
  const judgements: Judgement[] = []
  let judging: Judging | undefined
  const interrupt = new Interrupt(() => process.exit(130))
  void interrupt.first.then(() => judging?.stop())
  const progress = new Progress(process.stderr, targets)
  for (const target of targets) {
    if (interrupt.happened) break
    judging = new Judging(target, { seed, runs }, progress.begin(target))
    judgements.push(await judging.run(laws))
  }
  progress.end()
  interrupt.release()
  const elapsed = performance.now() - startedAt
  const unreached = targets.slice(judgements.length).map(({ name }) => name)
  return { seed, runs, judgements, unreached, interrupted: interrupt.happened, elapsed }
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

/** Resolves when it is written: who exits before, into a pipe, loses the end of it. */
async function print(text: string): Promise<void> {
  await new Promise((written) => process.stdout.write(text, written))
}
