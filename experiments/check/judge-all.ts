import type { Interrupt } from '../live/interrupt.ts'
import { Judging } from './judging.ts'
import { Progress } from './progress.ts'
import type { Judgement, Report, Target } from './verdicts.ts'

interface Trials {
  readonly seed: number
  readonly runs: number
  /** Ids; undefined: all. */
  readonly law?: readonly string[]
}

/** Holds each to the laws, one after the other, until somebody does not want to wait. */
export async function judgeAll(
  targets: readonly Target[],
  { law: laws, runs, seed }: Trials,
  interrupt: Interrupt,
): Promise<Report> {
  const startedAt = performance.now()
  const judgements: Judgement[] = []
  let judging: Judging | undefined
  void interrupt.first.then(() => judging?.stop())
  const progress = new Progress(process.stderr, targets)
  for (const target of targets) {
    if (interrupt.happened) break
    judging = new Judging(target, { seed, runs }, progress.begin(target))
    judgements.push(await judging.run(target.laws ?? laws))
  }
  progress.end()
  const elapsed = performance.now() - startedAt
  const unreached = targets.slice(judgements.length).map(({ name }) => name)
  return { seed, runs, judgements, unreached, interrupted: interrupt.happened, elapsed }
}
