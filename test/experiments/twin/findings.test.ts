import { describe, expect, test } from 'vitest'
import { type Finding, findingOf } from '../../../experiments/twin/findings.ts'
import { rankingOf } from '../../../experiments/twin/ranking.ts'
import { humanReport, markdownReport } from '../../../experiments/twin/report.ts'
import { verdictOf } from '../../../experiments/twin/twin.ts'
import { plain } from '../../../experiments/live/paint.ts'
import { pair, run, way } from './made-up.ts'

const found = (findings: Finding[]) => ({
  calibration: { front: { ...way, values: [0.5] }, behind: { ...way, values: [0.5] } },
  scenarios: [
    {
      scenario: { name: 'made up', duration: 1000 } as never,
      findings,
      rankings: [rankingOf('mean', findings)],
    },
  ],
  interrupted: false,
})

describe('a finding', () => {
  test('has what was foretold and measured, the error, and the range of all that was foretold', () => {
    const finding = findingOf('random', [pair(run(1), [run(1.02), run(1.04)])])
    const { p50 } = finding.percentiles!
    // Percentiles come from buckets that are less than 1 % wide.
    expect(p50.measured).toBeCloseTo(50, 0)
    expect(p50.error).toBeGreaterThan(0.02)
    expect(p50.error).toBeLessThan(0.045)
    expect(p50.low).toBeLessThan(p50.high)
    expect(p50.half).toBeNull()
    expect(p50.bare).toBeCloseTo(-0.5, 1)
    expect(finding.missed).toEqual([])
  })

  test.for([
    [run(1.07), ['p50']],
    [run(0.85), ['p50', 'p99']],
    [run(1, 52), ['share']],
  ] as const)('names what of the goal it misses', ([predicted, missed]) => {
    expect(findingOf('random', [pair(run(1), [predicted])]).missed).toEqual(missed)
  })

  test('tells the share of the server for which it is furthest off, and failures', () => {
    const { failed, share } = findingOf('random', [pair(run(1, 50, 10), [run(1, 53, 20)])])
    expect(share).toMatchObject({ server: 'a', low: 0.53, high: 0.53 })
    expect(share.error).toBeCloseTo(0.03)
    expect(failed).toEqual({ predicted: 0.2, measured: 0.1 })
  })

  test('knows how far its error may be off once there are several runs', () => {
    const pairs = [1, 2, 3].map((i) => pair(run(1), [run(1 + i / 50)]))
    expect(findingOf('random', pairs).percentiles!.p50.half).toBeGreaterThan(0)
  })
})

describe('a ranking', () => {
  const of = (strategy: string, measured: number, predicted: number): Finding => {
    const noise = [0, 0.01, -0.01]
    const pairs = noise.map((n) => pair(run(measured + n), [run(predicted + n * 2)]))
    return findingOf(strategy, pairs)
  }

  test('counts pairs that both worlds rank the same, the other way round, or cannot tell apart', () => {
    const findings = [of('a', 1, 1), of('b', 2, 3), of('c', 3, 2), of('d', 3, 3)]
    const { contrary, measured, same, tied } = rankingOf('mean', findings)
    expect(contrary).toEqual(['b and c'])
    expect(measured[0]).toBe('a')
    // a before each other one, b before d by measuring alone, c and d are the same.
    expect([same, tied]).toEqual([3, 2])
  })

  test('of one run tells nothing', () => {
    const findings = [1, 2].map((scale) => findingOf('x', [pair(run(scale), [run(scale)])]))
    expect(rankingOf('p99', findings)).toMatchObject({ same: 0, contrary: [], tied: 1 })
  })
})

test('the verdict is the goal, and nothing where a run was disturbed', () => {
  const good = findingOf('good', [pair(run(1), [run(1)])])
  const bad = findingOf('bad', [pair(run(1), [run(1.2)])])
  const invalid = findingOf('invalid', [pair(run(1), [run(1)], { disturbed: ['late'] })])
  expect(verdictOf(found([good]))).toBe(0)
  expect(verdictOf(found([good, bad]))).toBe(99)
  expect(verdictOf(found([bad, invalid]))).toBe(3)
})

test('the report has a line a strategy, marks what is outside of all that was foretold, and says what is missed', () => {
  const findings = [
    findingOf('near', [pair(run(1), [run(0.99), run(1.01)])]),
    findingOf('far', [pair(run(1), [run(1.19), run(1.2)], { disturbed: ['the loop was late'] })]),
  ]
  const human = humanReport(found(findings), 160, plain)
  const near = /^near .*$/m.exec(human)?.[0]
  const far = /^far .*$/m.exec(human)?.[0]
  expect(near).not.toContain('!')
  expect(far).toMatch(/\+(?:18|19|20)\.\d % !/)
  expect(human).toContain('far misses the goal: p50, p99')
  expect(human).toContain('far: a run is invalid: the loop was late')
  expect(human).toContain('met in 1 of 2 cases')
  expect(human).toMatch(
    /Of 1 case that nothing disturbed p50 was off by at most [01]\.\d %, p95 by .*, and shares by 0\.00 points/,
  )
  const table = markdownReport(found(findings), ['a machine', 'a day'])
  expect(table).toMatch(/^Measured on a machine; a day\.\n/)
  expect(table).toMatch(/^\| near \|(?:[^|]+\|){12}$/m)
})
