/** Run by judging.ts in a process of its own: holds one strategy to the laws, and says how it goes. */
import { CLAIMS } from '../../proxy/core/claims.ts'
import { watched, type Notes } from '../../proxy/core/watched.ts'
import { didYouMean } from '../../proxy/core/did-you-mean.ts'
import { loadStrategyFile, StrategyFileError } from '../../proxy/strategy-file.ts'
import { placeOf } from '../../proxy/strategy-module.ts'
import { warded } from '../../proxy/strategy-ward.ts'
import { findStrategy } from '../../proxy/strategies/index.ts'
import { judge, unclaimed } from '../../test/laws/judge.ts'
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
    const strategy = await loadStrategyFile(file, {}, () => notes.beginMaking())
    const { claims, excused: excuses } = strategy
    const ids = CHECKED_LAWS.map(({ id }) => id)
    const unknown = Object.keys(excuses).find((id) => !ids.includes(id))
    if (unknown !== undefined) {
      const meant = didYouMean(unknown, ids)
      const hint = meant === undefined ? `there are ${ids.join(', ')}` : `did you mean ${meant}?`
      throw new StrategyFileError(`${name} is excused from "${unknown}", which is no law: ${hint}`)
    }
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
  const claims = target.file === undefined ? CLAIMS : subject.claims
  tell({
    type: 'laws',
    laws: concerned.map(toldLaw),
    unclaimed: CLAIMS.filter((claim) => !claims.includes(claim)),
    doubts: doubtsOf(subject),
  })
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
    if (verdict.result === 'excused') {
      const idle = target.file !== undefined && obeys(subject, trial, verdict, tell)
      const told = { ...toldVerdict(verdict, performance.now() - since, undefined, target), idle }
      tell({ type: 'verdict', verdict: told })
      since = performance.now()
      continue
    }
    const time = performance.now() - since
    tell({ type: 'verdict', verdict: toldVerdict(verdict, time, notes.thrown, target) })
    since = performance.now()
  }
}

/** Whether an excuse was not needed. */
function obeys(
  subject: Subject,
  trial: Trial,
  { law, reason }: Extract<Verdict, { result: 'excused' }>,
  tell: Tell,
): boolean {
  tell({ type: 'trying', law: law.id, excuse: reason })
  const own = CHECKED_LAWS.find(({ id }) => id === law.id)!
  try {
    own.check(subject, trial)
    return true
  } catch {
    return false
  }
}

/** What a file says of itself that does not fit together. */
function doubtsOf(subject: Subject): string[] {
  const { excuses } = subject
  const doubts = Object.keys(excuses)
    .filter((id) => !CHECKED_LAWS.find((law) => law.id === id)!.concerns(subject))
    .map((id) => `it is excused from ${id}, which it is not held to`)
  const claims = unclaimed(subject)
  if (claims.length > 0)
    doubts.push(
      `it is keyed, but claims neither ${claims.join(' nor ')}: nobody asked how many keys move when servers come and go`,
    )
  return doubts
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
  const place = file !== undefined && tells(finding, thrown) ? placeOf(thrown, file) : ''
  return { law, result: 'broken', time, finding, story, place, by: verdict.by.id }
}

/** It is that error which was found. */
function tells(finding: string, error: unknown): boolean {
  try {
    return error instanceof Error && finding.includes(error.message)
  } catch {
    return false
  }
}
