import { expect, test } from 'vitest'
import { plain } from '../../../experiments/live/paint.ts'
import { findingOf } from '../../../experiments/twin/findings.ts'
import { GOAL } from '../../../experiments/twin/goal.ts'
import { rankingOf } from '../../../experiments/twin/ranking.ts'
import { verdictLines, verdictRows } from '../../../experiments/twin/report-verdicts.ts'
import { judgeTwins, readTwinThresholds } from '../../../experiments/twin/thresholds.ts'
import { verdictOf } from '../../../experiments/twin/twin.ts'
import type { TwinsOfScenario } from '../../../experiments/twin/twins.ts'
import { readThreshold } from '../../../experiments/thresholds/threshold.ts'
import { pair, run } from './made-up.ts'

type Of = [strategy: string, measured: number, predicted: number, disturbed?: string[]]

/** Strategies, each with three runs whose times are that many times those of the first. */
function made(...all: Of[]): TwinsOfScenario {
  const findings = all.map(([strategy, measured, predicted, disturbed = []]) => {
    const pairs = [0, 0.01, -0.01].map((noise) =>
      pair(run(measured + noise), [run(predicted + noise)], { disturbed }),
    )
    return findingOf(strategy, pairs)
  })
  const scenario = { name: 'made up', duration: 1000 } as never
  return { scenario, findings, rankings: [rankingOf('mean', findings)] }
}

const judged = (threshold: string, ...all: Of[]) =>
  judgeTwins([readThreshold(threshold)], made(...all)).map(({ items, strategy }) => {
    return [strategy, ...items.map(({ verdict }) => verdict)].join(' ')
  })

test('an error is held to its limit, whichever way it goes, and nothing is said of a disturbed run', () => {
  const all: Of[] = [
    ['right', 1, 1],
    ['long', 1, 1.07],
    ['short', 1, 0.93],
    ['disturbed', 1, 1, ['late']],
  ]
  const expected = ['right pass', 'long fail', 'short fail', 'disturbed undecided']
  expect(judged('twin.p50.error < 5%', ...all)).toEqual(expected)
  expect(judged('twin.p99.error < 5%', ...all)).toEqual(expected)
  expect(judged('twin.p95.error < 9%', ...all.slice(0, 3)).join()).not.toContain('fail')
})

test('the goal of the verb is judged by the same code', () => {
  for (const scale of [0.88, 0.93, 1, 1.04, 1.07, 1.2]) {
    const scenario = made(['one', 1, scale])
    const [{ items }] = judgeTwins(GOAL, scenario)
    const failed = items.filter(({ verdict }) => verdict === 'fail')
    expect(scenario.findings[0].missed).toHaveLength(failed.length)
  }
})

test('an error is told with its interval over the runs, and a share with its server', () => {
  const scenario = made(['long', 1, 1.07])
  const [{ items }] = judgeTwins(GOAL, scenario)
  expect(items[0].seen).toMatch(
    /^\+[678]\.\d % \(±\d\.\d over 3 runs\): 5\d\.\d ms foretold, 5\d\.\d ms measured$/,
  )
  expect(items[0].low!).toBeLessThan(items[0].value!)
  expect(items[2].seen).toBe('+0.00 points at a: 50.0 % foretold, 50.0 % measured')
  const one = findingOf('one', [pair(run(1), [run(1)])])
  expect(judgeTwins(GOAL, { findings: [one], rankings: [] })[0].items[0].seen).toMatch(
    /^\+0\.0 %: /,
  )
})

test('of no answers nothing is known', () => {
  const none = findingOf('none', [pair(run(1, 50, 100), [run(1, 50, 100)])])
  const [{ items }] = judgeTwins(GOAL, { findings: [none], rankings: [] })
  expect(items.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided', 'pass'])
})

test('a ranking is of all strategies, of those pairs that both worlds can tell apart', () => {
  const [a, b, c]: Of[] = [
    ['a', 1, 1],
    ['b', 2, 3],
    ['c', 3, 2],
  ]
  expect(judged('twin.ranking', a, b)).toEqual(['all of them pass'])
  expect(judged('twin.ranking', a, b, c)).toEqual(['all of them fail'])
  expect(judged('twin.ranking > 0.6', a, b, c)).toEqual(['all of them pass'])
  expect(judged('twin.ranking', a, a)).toEqual(['all of them undecided'])
  expect(judged('twin.ranking', a, ['b', 2, 3, ['late']])).toEqual(['all of them undecided'])
  const [{ items }] = judgeTwins([readThreshold('twin.ranking')], made(a, b, c))
  expect(items[0]).toMatchObject({
    what: 'twin.ranking >= 1',
    seen: '2 of 3 pairs ranked the same by mean, 0 tied; the other way round b and c by mean',
  })
})

test('what is missed is told with the reason and the command that repeats it, in every format', () => {
  const scenario = made(['right', 1, 1], ['long', 1, 1.2], ['bad', 1, 1, ['the loop was late']])
  const verdicts = judgeTwins([readThreshold('twin.p50.error < 5%')], scenario)
  const asked = { verdicts, again: 'npx evenkeel twin equal --seed 7' }
  const human = verdictLines({ ...scenario, asked }, 60, plain)
  expect(human.every((line) => line.length <= 60)).toBe(true)
  const text = human.join('\n').replaceAll(/\s+/g, ' ')
  expect(text).toContain('✓ right: twin.p50.error < 5%: +0.0 %')
  expect(text).toContain('✗ long: twin.p50.error < 5%: +20.')
  expect(text).toMatch(/\? bad: .*: the machine must be idle, and was not: the loop was late/)
  expect(text).toContain('again npx evenkeel twin equal --seed 7')
  const rows = verdictRows({ ...scenario, asked })
  expect(rows.filter((row) => /^\| [✓✗?] \| \w+ \| twin/.test(row))).toHaveLength(3)
  expect(rows).toContain('npx evenkeel twin equal --seed 7')
  expect(verdictLines(scenario, 60, plain)).toEqual([])
})

test('thresholds take the place of the goal in the exit code', () => {
  const code = (threshold: string, ...all: Of[]): number => {
    const scenario = made(...all)
    const asked = { verdicts: judgeTwins([readThreshold(threshold)], scenario), again: '' }
    return verdictOf({
      calibration: undefined,
      scenarios: [{ ...scenario, asked }],
      interrupted: false,
    })
  }
  expect(code('twin.p50.error < 30%', ['far', 1, 1.2])).toBe(0)
  expect(code('twin.p50.error < 1%', ['near', 1, 1.03])).toBe(99)
  expect(code('twin.p50.error < 1%', ['near', 1, 1, ['late']])).toBe(3)
  expect(code('twin.p50.error < 1%', ['near', 1, 1, ['late']], ['far', 1, 1.2])).toBe(99)
})

test.for([
  ['p99 < 5ms', 'p99 is not known of a twin: there are twin.p50.error,'],
  ['twin.p90.error < 5%', 'twin.p90.error is not known of a twin'],
  ['twin.p50.eror < 5%', 'there is no figure "twin.p50.eror": did you mean'],
  ['twin.p50.error < 5', '5 of what? A share is written 5%'],
  ['twin.ranking > 1', 'twin.ranking is never above 1'],
])('%s is refused', ([threshold, message]) => {
  expect(() => readTwinThresholds([threshold], 3, 2)).toThrow(message)
})

test('a ranking takes strategies and runs', () => {
  const read = (runs: number, strategies: number) => () =>
    readTwinThresholds(['twin.ranking'], runs, strategies)
  expect(read(3, 1)).toThrow('twin.ranking is of at least two strategies')
  expect(read(1, 2)).toThrow('twin.ranking needs at least 2 runs')
  expect(read(2, 2)).not.toThrow()
})
