import { describe, expect, test } from 'vitest'
import { explained, TRIAL } from '../support/trial.ts'
import { EXCUSES } from './excuses.ts'
import { LAWS, verdictOf } from './judge.ts'
import type { Law, Subject } from './law.ts'
import { silence } from './silence.ts'
import { REGISTRY } from './subject.ts'

function obey(subject: Subject, law: Law): void {
  explained(subject, law, () => law.check(subject, TRIAL))
}

for (const subject of REGISTRY) {
  describe(`${subject.name} obeys the law: it`, () => {
    for (const law of LAWS.filter((law) => law.concerns(subject))) {
      if (!Object.hasOwn(subject.excuses, law.id)) test(law.title, () => obey(subject, law))
    }
  })

  const excused = LAWS.filter((law) => law.concerns(subject) && law.id in subject.excuses)
  if (excused.length > 0)
    test(`${subject.name} needs its excuses`, () => {
      const idle = excused.filter((law) => {
        // Somebody who obeys on 50 examples may still break it on the 51st.
        const trial = { ...TRIAL, runs: Math.max(TRIAL.runs, 200), anyStory: true }
        return verdictOf(law, { ...subject, excuses: {} }, trial).result === 'holds'
      })
      expect(idle.map((law) => law.id)).toEqual([])
    })

  test(`${subject.name} has no excuse for a law that does not concern it`, () => {
    const laws = [...LAWS, silence].filter((law) => law.concerns(subject)).map((law) => law.id)
    expect(Object.keys(subject.excuses).filter((id) => !laws.includes(id))).toEqual([])
  })
}

test('only strategies that there are have excuses', () => {
  const names = REGISTRY.map(({ name }) => name)
  expect(Object.keys(EXCUSES).filter((name) => !names.includes(name))).toEqual([])
})
