/** Run by judging.ts in a process of its own: holds one strategy to the laws, and says how it goes. */
import { watched, type Notes } from '../../proxy/core/watched.ts'
import { loadStrategyFile, StrategyFileError } from '../../proxy/strategy-file.ts'
import { placeOf } from '../../proxy/strategy-module.ts'
import { warded } from '../../proxy/strategy-ward.ts'
import { findStrategy } from '../../proxy/strategies/index.ts'
import { judge } from '../../test/laws/judge.ts'
import type { Law, Subject, Trial, Verdict } from '../../test/laws/law.ts'
import { subjectOf } from '../../test/laws/subject.ts'
import { CHECKED_LAWS, toldLaw } from './laws.ts'
import type { Target, Told, ToldVerdict } from './verdicts.ts'

export interface Errand {
  readonly target: Target
  readonly trial: Trial
  /** Their ids. */
  readonly laws: readonly string[]
}

type Tell = (told: Told) => void

await warded(async (given, notes, tell: Tell) => {
  const errand = given as Errand
  const subject = await subjectFor(errand.target, notes, tell)
  if (subject !== undefined) tryLaws(subject, errand, notes, tell)
})

async function subjectFor(
  { name, file }: Target,
  notes: Notes,
  tell: Tell,
): Promise<Subject | undefined> {
  if (file === undefined) {
    const subject = subjectOf(findStrategy(name)!)
    return { ...subject, factory: watched(subject.factory, notes) }
  }
  notes.beginLoading()
  try {
    const strategy = await loadStrategyFile(file)
    const { claims, excused: excuses } = strategy
    const unknown = Object.keys(excuses).find((id) => CHECKED_LAWS.every((law) => law.id !== id))
    if (unknown !== undefined)
      throw new StrategyFileError(`${name} is excused from "${unknown}", which is no law`)
    return { name, factory: watched(strategy, notes), claims, excuses }
  } catch (error) {
    if (!(error instanceof StrategyFileError)) throw error
    tell({ type: 'unusable', problem: error.message })
    return undefined
  } finally {
    notes.end()
  }
}

function tryLaws(
  subject: Subject,
  { laws: ids, target, trial }: Errand,
  notes: Notes,
  tell: Tell,
): void {
  const concerned = CHECKED_LAWS.filter((law) => law.concerns(subject) && ids.includes(law.id))
  tell({ type: 'laws', laws: concerned.map(toldLaw) })
  let since = performance.now()
  const announced = concerned.map((law): Law => ({
    ...law,
    concerns: () => true,
    check(given, how) {
      tell({ type: 'trying', law: law.id })
      since = performance.now()
      notes.thrown = undefined
      law.check(given, how)
    },
  }))
  for (const verdict of judge(subject, trial, announced)) {
    const time = performance.now() - since
    tell({ type: 'verdict', verdict: toldVerdict(verdict, time, notes.thrown, target) })
    since = performance.now()
  }
}

function toldVerdict(
  verdict: Verdict,
  time: number,
  thrown: unknown,
  { file }: Target,
): ToldVerdict {
  const law = toldLaw(verdict.law)
  if (verdict.result === 'holds') return { law, result: 'holds', time }
  if (verdict.result === 'excused') return { law, result: 'excused', time, reason: verdict.reason }
  const { finding, story } = verdict.error
  const known = file !== undefined && thrown instanceof Error && finding.includes(thrown.message)
  const place = known ? placeOf(thrown, file) : ''
  return { law, result: 'broken', time, finding, story, place, by: verdict.by.id }
}
