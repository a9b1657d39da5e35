import { describe, expect, test } from 'vitest'
import { explained, TRIAL } from '../support/trial.ts'
import { exactDeadlines } from './claims/shares.ts'
import { LAWS, verdictOf } from './judge.ts'
import { OTHERWISE, variantOf } from './otherwise.ts'

for (const subject of OTHERWISE) {
  describe(`${subject.name} obeys the law: it`, () => {
    for (const law of LAWS.filter((law) => law.concerns(subject))) {
      if (!Object.hasOwn(subject.excuses, law.id))
        test(law.title, () => explained(subject, law, () => law.check(subject, TRIAL)))
    }
  })

  if (Object.keys(subject.excuses).length > 0)
    test(`${subject.name} needs its excuses`, () => {
      // Until the first that breaks it: only an excuse that is idle takes so many.
      const trial = { ...TRIAL, runs: Math.max(TRIAL.runs, 1000), anyStory: true }
      const needed = LAWS.filter(
        (law) =>
          law.concerns(subject) &&
          law.id in subject.excuses &&
          verdictOf(law, { ...subject, excuses: {} }, trial).result === 'broken',
      )
      expect(needed.map((law) => law.id).toSorted()).toEqual(
        Object.keys(subject.excuses).toSorted(),
      )
    })
}

/** Its first deadlines are random unless it is told otherwise; then it is held to the bounds of its textbook form. */
test(`edf with full phases obeys the law: it ${exactDeadlines.title}`, () => {
  const subject = variantOf({ name: 'edf', options: { phase: 'full' } })
  explained(subject, exactDeadlines, () => exactDeadlines.check(subject, TRIAL))
})
