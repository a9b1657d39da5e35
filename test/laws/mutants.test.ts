import { describe, expect, test } from 'vitest'
import { TRIAL } from '../support/trial.ts'
import { LAWS, verdictOf } from './judge.ts'
import { MUTANTS } from './mutants/index.ts'
import { silence } from './silence.ts'

describe('the laws catch a broken strategy:', () => {
  for (const mutant of MUTANTS) {
    if (mutant.caughtBy === silence.id) continue // In silence.test.ts, since it takes a process of its own.
    const law = LAWS.find((law) => law.id === mutant.caughtBy)
    if (law === undefined) throw new Error(`there is no law "${mutant.caughtBy}"`)
    test(`${mutant.name}, by the law that a strategy ${law.title}`, () => {
      expect(law.concerns(mutant)).toBe(true)
      const verdict = verdictOf(law, mutant, { ...TRIAL, anyStory: true })
      expect([verdict.law.id, verdict.result]).toEqual([law.id, 'broken'])
    })
  }
})

test('every law is the one that catches somebody: none is a test that cannot fail', () => {
  const caught = new Set(MUTANTS.map((mutant) => mutant.caughtBy))
  expect(LAWS.filter((law) => !caught.has(law.id)).map((law) => law.id)).toEqual([])
})
