import { choices, independent, ties } from './claims/chance.ts'
import { forgives } from './claims/forgives.ts'
import { byWeight, keyShares } from './claims/key-shares.ts'
import { monotone, nearlyMonotone } from './claims/keys.ts'
import { capped, home, idleFirst, inOrder, least } from './claims/load.ts'
import { deadlines, smooth, stride, turn } from './claims/shares.ts'
import { turnChanges } from './claims/turn-changes.ts'
import { broken } from './examine.ts'
import type { Law, Subject, Trial, Verdict } from './law.ts'
import { handsOff, membership, totality } from './universal/basics.ts'
import { conservation } from './universal/conservation.ts'
import { flapping } from './universal/flapping.ts'
import { promise } from './universal/promise.ts'
import { recovery } from './universal/recovery.ts'
import { reordering } from './universal/reordering.ts'
import { peeking, renaming, replay, scaling } from './universal/replay.ts'
import { emptySlots, usedSlot } from './universal/slots.ts'
import { starvation } from './universal/starvation.ts'
import { threads } from './universal/threads.ts'

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
  reordering,
  starvation,
  flapping,
  recovery,
  usedSlot,
  emptySlots,
  promise,
  threads,
  turn,
  turnChanges,
  smooth,
  deadlines,
  stride,
  independent,
  least,
  ties,
  choices,
  monotone,
  nearlyMonotone,
  keyShares,
  byWeight,
  capped,
  home,
  idleFirst,
  inOrder,
  forgives,
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
