import { describe, expect, test } from 'vitest'
import { drawDistribution } from '../../../experiments/sim/chart.ts'
import { compare } from '../../../simulator/study/comparison.ts'
import { humanReport } from '../../../experiments/sim/report-human.ts'
import { csvReport } from '../../../simulator/study/report-csv.ts'
import { markdownReport } from '../../../experiments/sim/report-markdown.ts'
import type { Study } from '../../../simulator/study/study.ts'
import { plain } from '../../../experiments/live/paint.ts'
import { runOf } from '../../simulator/study/runs.ts'

const CONTENDERS = ['round_robin', 'power_of_two{choices: 3}'].map((label) => ({
  label,
  spec: 'random',
}))

const even = Array.from({ length: 1000 }, (_, i) => 10 * 1.005 ** i)
const runs = [0, 1, 2].map((n) => runOf(even.map((time) => time + n)))
const faster = [0, 1, 2].map((n) => runOf(even.map((time) => time / 4 + n)))

function studyOf(more: Partial<Study> = {}): Study {
  const scenario = {
    name: 'A *test*',
    seed: 1,
    duration: 60_000,
    arrivals: { type: 'poisson', rate: 90 },
    work: { type: 'exponential', mean: 10 },
    servers: [{}],
    strategy: 'random',
  } as const
  const question = { scenario, warnings: [], contenders: CONTENDERS, reps: 3, maxReps: 9 }
  return {
    question: { ...question, warmup: 0, precision: undefined },
    scenario,
    steadiness: 'steady',
    seeds: [1, 2, 3],
    standings: compare(CONTENDERS, [runs, faster], 'steady'),
    precision: undefined,
    interrupted: false,
    ...more,
  }
}

const page = (width: number, ascii = false) => ({ width, paint: plain, ascii })

describe('the report for people', () => {
  test.each([60, 80, 100, 160])('fits %d columns', (width) => {
    const lines = humanReport(studyOf(), page(width)).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
    expect(lines.some((line) => line.startsWith('power_of_two'))).toBe(true)
  })

  test('has one table where there is room, and two where there is not', () => {
    const tables = (width: number): number =>
      humanReport(studyOf(), page(width))
        .split('\n')
        .filter((line) => /^round_robin .*%|^round_robin .*±/.test(line)).length
    expect([tables(80), tables(160)]).toEqual([2, 1])
  })

  test('says when nothing is known yet', () => {
    const text = humanReport(studyOf({ standings: [], seeds: [], interrupted: true }), page(80))
    expect(text).toContain('Stopped before the first replication')
  })

  test('says from how many replications it is when somebody stopped it', () => {
    expect(humanReport(studyOf({ interrupted: true }), page(80))).toContain('this is from 3 of 3')
  })
})

describe('the chart', () => {
  const standings = compare(CONTENDERS, [runs, faster], 'steady')

  test('has bars where the requests are, and percentiles below', () => {
    const [, , bars, marks, , , axis] = drawDistribution(standings, 80, plain, false)
    // Evenly spread over a logarithmic axis: bars are of one height, but at the edges.
    expect(bars).toMatch(/^round_robin +[▁▂▃▄▅▆▇█]*$/)
    expect(marks.trim()).toMatch(/^50 +95/)
    expect(axis.trim()).toMatch(/^ms .* 10 .* 100 /)
    // A percentile stands at its value: the median near 122 is between the ticks of 100 and 200.
    expect(marks.indexOf('50')).toBeGreaterThan(axis.indexOf('100'))
    expect(marks.indexOf('50')).toBeLessThan(axis.indexOf('200'))
  })

  test('draws with letters where a terminal has no more', () => {
    const lines = drawDistribution(standings, 80, plain, true)
    expect(lines[2]).toMatch(/^round_robin +[.:\-=+*#@]+$/)
  })

  test('has nothing to show where nothing went well', () => {
    const none = compare(CONTENDERS.slice(0, 1), [[runOf([]), runOf([])]], 'steady')
    expect(drawDistribution(none, 80, plain, false)).toEqual([])
  })

  test('shows what always takes the same time', () => {
    const same = compare(CONTENDERS.slice(0, 1), [[runOf([5, 5]), runOf([5, 5])]], 'steady')
    expect(drawDistribution(same, 80, plain, false)[2]).toContain('█')
  })
})

describe('the reports for others', () => {
  test('quote what commas or Markdown would break', () => {
    expect(csvReport(studyOf())).toContain('\npower_of_two{choices: 3},steady,mean,3,')
    const text = markdownReport(studyOf())
    expect(text).toContain(String.raw`### A \*test\*`)
    expect(text).toContain(String.raw`| power\_of\_two{choices: 3} | `)
    const rows = text.split('\n').filter((line) => line.startsWith('|'))
    expect(new Set(rows.map((row) => row.split('|').length)).size).toBe(1)
  })
})
