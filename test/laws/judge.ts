import type { Claim } from '../../proxy/core/claims.ts'
import { choices, independent, ties } from './claims/chance.ts'
import { forgives } from './claims/forgives.ts'
import { byWeight, keyShares } from './claims/key-shares.ts'
import { monotone, nearlyMonotone } from './claims/keys.ts'
import { covers } from './claims/covers.ts'
import { capped, home, idleFirst, inOrder, least } from './claims/load.ts'
import { returning } from './claims/returning.ts'
import { deadlines, smooth, stride, turn } from './claims/shares.ts'
import { turnChanges } from './claims/turn-changes.ts'
import { leastWork, oneQueue } from './claims/work.ts'
import { broken } from './examine.ts'
import { excusesOf } from './excuses.ts'
import type { Law, Subject, Trial, Verdict } from './law.ts'
import { handsOff, membership, totality } from './universal/basics.ts'
import { conservation } from './universal/conservation.ts'
import { explaining } from './universal/explaining.ts'
import { flapping } from './universal/flapping.ts'
import { promise } from './universal/promise.ts'
import { recovery } from './universal/recovery.ts'
import { reordering } from './universal/reordering.ts'
import { peeking, renaming, replay, scaling } from './universal/replay.ts'
import { reweighing } from './universal/reweighing.ts'
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
  explaining,
  renaming,
  scaling,
  reordering,
  starvation,
  flapping,
  recovery,
  usedSlot,
  emptySlots,
  promise,
  reweighing,
  threads,
  turn,
  turnChanges,
  smooth,
  deadlines,
  stride,
  returning,
  independent,
  least,
  ties,
  leastWork,
  oneQueue,
  choices,
  monotone,
  nearlyMonotone,
  keyShares,
  byWeight,
  capped,
  home,
  idleFirst,
  inOrder,
  covers,
  forgives,
]

/**
 * Holds a strategy to the laws that concern it, one by one. Where one of the basic laws is broken it ends with them: every other
 * would only say the same again. That may come late, after the basic law itself was found to hold: then there is a second verdict
 * on it, which counts, and none on the law that was tried. And where `replay` is broken those laws are left out that mean nothing then.
 */
export function* judge(
  subject: Subject,
  trial: Trial,
  laws: readonly Law[] = LAWS,
): Generator<Verdict> {
  const excused = { ...subject, excuses: excusesOf(subject) }
  let hopeless = false
  let whimsical = false
  for (const law of laws) {
    if (!law.concerns(subject) || (hopeless && law.basic !== true)) continue
    if (whimsical && law.repeats === true) continue
    const verdict = verdictOf(law, excused, trial)
    if (verdict.result === 'broken') {
      if (verdict.law.basic === true) hopeless = true
      if (verdict.law.id === replay.id) whimsical = true
    }
    yield verdict
  }
}

/** What a verb threw is `totality`'s, and a stranger `membership`'s, whichever law finds it: that one's reasons would mislead. */
export function verdictOf(law: Law, subject: Subject, trial: Trial): Verdict {
  const reason = subject.excuses[law.id]
  if (reason !== undefined) return { law, result: 'excused', reason }
  try {
    law.check(subject, trial)
    return { law, result: 'holds' }
  } catch (thrown) {
    const error = broken(thrown)
    const basic = LAWS.find(({ id }) => id === error.about)
    return { law: law.id === basic?.id ? law : (basic ?? law), result: 'broken', error, by: law }
  }
}

const KEYED: readonly Claim[] = ['monotone', 'nearly_monotone']

/** Claims one of which a strategy of its kind should make, and makes none: nobody looks whether its keys stay where they are. */
export function unclaimed({ claims, factory }: Subject): readonly Claim[] {
  if (factory.keyed !== true || KEYED.some((claim) => claims.includes(claim))) return []
  return KEYED
}
