import { describe, test } from 'vitest'
import { LAWS } from './judge.ts'
import type { Law, Subject } from './law.ts'
import { REGISTRY } from './subject.ts'
import { asked, TRIAL } from '../support/trial.ts'

for (const subject of REGISTRY) {
  describe(`${subject.name} obeys the law: it`, () => {
    for (const law of LAWS.filter((law) => law.concerns(subject))) {
      const excuse = subject.excuses[law.id]
      if (excuse === undefined) test(law.title, () => obey(subject, law))
    }
  })
}

function obey(subject: Subject, law: Law): void {
  asked(subject, law, () => law.check(subject, TRIAL))
}
