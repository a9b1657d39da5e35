import { broken } from './examine.ts'
import type { Law, Subject, Trial, Verdict } from './law.ts'
import { handsOff, membership, totality } from './universal/basics.ts'
import { conservation } from './universal/conservation.ts'
import { peeking, renaming, replay, scaling } from './universal/replay.ts'
import { starvation } from './universal/starvation.ts'

/** All of them, the basic ones first. */
export const LAWS: readonly Law[] = [
  totality,
  membership,
  handsOff,
  conservation,
  replay,
  peeking,
  renaming,
  scaling,
  starvation,
]

/**
 * Holds a strategy to the laws that concern it, one by one. Where one of the basic laws is broken it ends with them: every other
 * would only say the same again.
 */
export function* judge(
  subject: Subject,
  trial: Trial,
  laws: readonly Law[] = LAWS,
): Generator<Verdict> {
  let hopeless = false
  for (const law of laws) {
    if (!law.concerns(subject) || (hopeless && law.basic !== true)) continue
    const verdict = verdictOf(law, subject, trial)
    if (law.basic === true && verdict.result === 'broken') hopeless = true
    yield verdict
  }
}

export function verdictOf(law: Law, subject: Subject, trial: Trial): Verdict {
  const reason = subject.excuses[law.id]
  if (reason !== undefined) return { law, result: 'excused', reason }
  try {
    law.check(subject, trial)
    return { law, result: 'holds' }
  } catch (error) {
    return { law, result: 'broken', error: broken(error) }
  }
}
