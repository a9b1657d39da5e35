import { describe, expect, test } from 'vitest'
import type { Case } from '../../../experiments/validate/case.ts'
import { CASES, QUICK, replicate } from '../../../experiments/validate/cases.ts'
import { judge, mostMisses, verdict } from '../../../experiments/validate/judge.ts'
import { report } from '../../../experiments/validate/report.ts'

describe('theory and simulation', () => {
  const quick = CASES.filter((each) => each.quick)
  const total = quick.reduce((sum, { checks }) => sum + checks.length, 0)

  /** The rules of judge.ts, at a tenth of the length; seeds are 1 to 20. They turn down what is right twice in 10,000 times at most. */
  test('agree on the quick cases', () => {
    const findings = quick.flatMap((each) => judge(each, replicate(each, QUICK), total))
    const judged = verdict(findings)
    expect(findings.filter(({ covered }) => !covered).length).toBeLessThanOrEqual(judged.most)
    expect(judged).toMatchObject({ checks: total, wild: 0, passed: true })
  })

  test('every kind of case has one among the quick ones, unless it takes many servers or much work', () => {
    const groups = new Set(CASES.map(({ group }) => group))
    for (const { group } of quick) groups.delete(group)
    expect([...groups].toSorted()).toEqual(['M/G/1', 'M/G/1 sharing', 'join idle queue'])
  })

  test('a wrong theory is found out', () => {
    const [first] = quick
    const wrong = { ...first, checks: [{ ...first.checks[0], theory: 4 }] }
    expect(verdict(judge(wrong, replicate(wrong, QUICK), 1))).toMatchObject({ passed: false })
  })
})

describe('the judge', () => {
  const check = { what: 'mean', theory: 10, of: () => 0 }
  const one = { group: 'g', name: 'n', checks: [check] } as unknown as Case

  test('asks whether the interval covers the theory, widened by what that may be off', () => {
    // Mean 11, deviation 1, 20 values of ±1: half is 2.861 / sqrt(20) times 1.026.
    const values = [Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 10 : 12))]
    const [finding] = judge(one, values, 1)
    expect(finding).toMatchObject({ simulated: 11, covered: false, allowance: 0 })
    expect(finding.half).toBeCloseTo(0.6564, 3)
    const lenient = { ...one, checks: [{ ...check, allowance: 0.4 }] }
    expect(judge(lenient, values, 1)[0].covered).toBe(true)
  })

  test('lets as many miss as chance lets once in 10,000 tables, and none be far off', () => {
    // 1 - P(at most k of 100 at 1 %) is 0.0005 for k = 5 and 0.00007 for k = 6.
    expect([1, 10, 100].map(mostMisses)).toEqual([1, 3, 6])
    const finding = judge(one, [[10, 10.001, 9.999]], 1)[0]
    const missed = { ...finding, covered: false }
    expect(verdict(Array.from({ length: 100 }, (_, i) => (i < 6 ? missed : finding))).passed).toBe(
      true,
    )
    expect(verdict(Array.from({ length: 100 }, (_, i) => (i < 7 ? missed : finding))).passed).toBe(
      false,
    )
    expect(verdict([finding, { ...missed, wild: true }]).passed).toBe(false)
  })
})

test('the report fits into 80 columns, whatever it has to say', () => {
  const findings = CASES.flatMap(({ checks, group, name }) =>
    checks.map(({ allowance = 0, theory, what }) => ({
      group,
      name,
      what,
      theory,
      allowance,
      simulated: theory,
      half: theory / 10,
      covered: false,
      wild: true,
    })),
  )
  const text = report(findings, verdict(findings))
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(text).toContain('M/M/1: rho .8\n  mean                 5.0000   5.0000 ±   0.5000')
  expect(text).toContain('The simulator does not agree with theory.')
})
