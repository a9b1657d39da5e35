import { expect, test } from 'vitest'
import { humanReport } from '../../../experiments/check/report-human.ts'
import { jsonReport } from '../../../experiments/check/report-json.ts'
import { junitReport, xml } from '../../../experiments/check/report-junit.ts'
import { markdownReport } from '../../../experiments/check/report-markdown.ts'
import {
  type Report,
  repeat,
  stepsOf,
  type ToldVerdict,
} from '../../../experiments/check/verdicts.ts'
import { plain } from '../../../experiments/live/paint.ts'

const law = (id: string, title: string) => ({ id, title, why: `Why ${id} matters.`, basic: false })

const broken: ToldVerdict = {
  law: law('turn', 'takes its turn'),
  result: 'broken',
  time: 1500,
  finding: 'picked <a> | "b" & `c`',
  place: '(my own.ts:3:7)',
  story: ['2 servers: a, b', 'request 1 goes to a\u0007'],
}
const report: Report = {
  seed: 42,
  runs: 100,
  interrupted: false,
  unreached: [],
  elapsed: 2345,
  judgements: [
    {
      target: { name: './my own.ts', file: '/x/my own.ts' },
      verdicts: [
        { law: law('totality', 'never throws'), result: 'holds', time: 3 },
        broken,
        { law: law('peeking', 'stays'), result: 'excused', time: 0, reason: 'it <may>' },
      ],
      untried: [law('silence', 'is silent')],
      unclaimed: ['smooth', 'least'],
      doubts: ['it is odd'],
    },
  ],
}

test('a person reads a line a law, the story, and what to do', () => {
  expect(humanReport(report, plain)).toBe(`./my own.ts

  ✓ totality  never throws
  ✗ turn      takes its turn
  – peeking   excused: it <may>
  · not tried: silence
  · not claimed, so not asked (check --help says what each means): smooth, least
  ! it is odd

✗ the law "turn" is broken

  law       It takes its turn.
  why       Why turn matters.
  found     picked <a> | "b" & \`c\` (my own.ts:3:7)
  story     1. 2 servers: a, b
            2. request 1 goes to a\u{FFFD}
  again     npx evenkeel check './my own.ts' --law turn --seed 42

1 law holds, 1 is broken, 1 excused (seed 42, 100 examples a law, 2.3 s)
If one is broken on purpose, say so: export const excused = { 'turn': 'why' }
`)
})

test('of several strategies a person reads a line each, and of those that obey no more', () => {
  const [first] = report.judgements
  const fine = {
    target: { name: 'fine', file: undefined },
    verdicts: [first.verdicts[0]],
    untried: [],
    unclaimed: [],
    doubts: [],
  }
  const lost = {
    ...fine,
    target: { name: './lost.ts', file: '/lost.ts' },
    verdicts: [],
    unusable: './lost.ts is lost',
  }
  const turned = { ...fine, target: { name: 'turned', file: undefined }, verdicts: [broken] }
  const unasked = { ...fine, target: { name: 'unasked', file: undefined }, verdicts: [] }
  const judgements = [turned, fine, unasked, lost]
  const text = humanReport({ ...report, judgements, unreached: ['late'] }, plain)
  expect(text).toBe(`✗ turned                   0 laws hold, 1 broken

✗ the law "turn" is broken

  law       It takes its turn.
  why       Why turn matters.
  found     picked <a> | "b" & \`c\` (my own.ts:3:7)
  story     1. 2 servers: a, b
            2. request 1 goes to a\u{FFFD}
  again     npx evenkeel check turned --law turn --seed 42

✓ fine                     1 law holds
· unasked                  none of the laws that were asked for concerns it
✗ ./lost.ts                ./lost.ts is lost
· late                     not reached

1 law holds, 1 is broken, 1 file cannot be used (seed 42, 100 examples a law,
2.3 s)
If one is broken on purpose, say so: export const excused = { 'turn': 'why' }
`)
})

test.each([
  [80, 80],
  [61, 61],
  [20, 40],
  [300, 100],
])(
  'no line for a person at %i columns is wider than %i, but for the command to copy',
  (width, most) => {
    const long = 'word '.repeat(60).trim()
    const verdict = { ...broken, law: law('turn', long), finding: long, story: [long] }
    const judgement = { ...report.judgements[0], verdicts: [verdict] }
    const lines = humanReport({ ...report, judgements: [judgement] }, plain, width).split('\n')
    const widths = lines.filter((line) => !line.startsWith('  again')).map((line) => line.length)
    expect(Math.max(...widths)).toBeLessThanOrEqual(most)
    expect(Math.max(...widths)).toBeGreaterThan(most - 8)
  },
)

test('of a long story the beginning and the end are told', () => {
  const story = Array.from({ length: 4000 }, (_, i) => `step ${i + 1}`)
  const steps = stepsOf({ ...broken, story })
  expect(steps).toHaveLength(21)
  expect([steps[0], steps[4], steps[5], steps[6], steps.at(-1)]).toEqual([
    '   1. step 1',
    '   5. step 5',
    '      … 3,980 more (--format json has all)',
    '3986. step 3986',
    '4000. step 4000',
  ])
  expect(stepsOf({ ...broken, story: story.slice(0, 21) })).toHaveLength(21)
})

test('the command to repeat it says how often only if that is not usual', () => {
  const [judgement] = report.judgements
  expect(repeat(judgement, broken, { ...report, runs: 7 })).toMatch(/--seed 42 --runs 7$/)
})

test('JSON has all of it', () => {
  const [strategy] = (JSON.parse(jsonReport(report)) as { strategies: unknown[] }).strategies
  expect(strategy).toMatchObject({
    name: './my own.ts',
    laws: [
      { id: 'totality', result: 'holds' },
      { id: 'turn', result: 'broken', story: broken.story, finding: broken.finding },
      { id: 'peeking', result: 'excused', reason: 'it <may>' },
    ],
    unclaimed: ['smooth', 'least'],
    doubts: ['it is odd'],
    untried: ['silence'],
  })
})

test('JUnit has a suite a strategy and a case a law, and nothing that XML cannot have', () => {
  expect(junitReport(report)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="evenkeel check" time="2.345">
  <testsuite name="./my own.ts" tests="4" failures="1" errors="0" skipped="2" time="1.503">
    <properties>
      <property name="unclaimed" value="smooth, least"/>
      <property name="doubts" value="it is odd"/>
    </properties>
    <testcase classname="./my own.ts" name="totality: never throws" time="0.003"/>
    <testcase classname="./my own.ts" name="turn: takes its turn" time="1.500">
      <failure type="turn" message="picked &lt;a&gt; | &quot;b&quot; &amp; \`c\` (my own.ts:3:7)">Why turn matters.
1. 2 servers: a, b
2. request 1 goes to a\u{FFFD}
Again: npx evenkeel check &apos;./my own.ts&apos; --law turn --seed 42</failure>
    </testcase>
    <testcase classname="./my own.ts" name="peeking: stays" time="0.000">
      <skipped message="excused: it &lt;may&gt;"/>
    </testcase>
    <testcase classname="./my own.ts" name="silence: is silent"><skipped message="not tried"/></testcase>
  </testsuite>
</testsuites>
`)
  expect(xml('a\u0000b\uD800c\uFFFEd\u{1F600}\t')).toBe('a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{1F600}\t')
})

test('JUnit tells a file that cannot be used as an error', () => {
  const judgement = { ...report.judgements[0], verdicts: [], untried: [], unusable: '"a" < b' }
  const text = junitReport({ ...report, judgements: [judgement] })
  expect(text).toContain('tests="1" failures="0" errors="1" skipped="0"')
  expect(text).toContain('<error message="&quot;a&quot; &lt; b"/>')
})

test('Markdown is a table whose cells stay cells, and stories that fold', () => {
  const text = markdownReport(report)
  expect(text).toContain('| ✅ | totality | never throws |\n')
  expect(text).toContain(
    String.raw`| ❌ | turn | takes its turn: **picked &lt;a> \| "b" &amp; \`c\` (my own.ts:3:7)** |`,
  )
  expect(text).toContain('| ➖ | peeking | excused: it &lt;may> |\n| ⏭️ | silence | not tried |\n')
  expect(text).toContain('```\n1. 2 servers: a, b\n2. request 1 goes to a\u{FFFD}\n')
  expect(text).toContain('Note: it is odd.\n\nNot claimed, and not asked: `smooth`, `least`.\n')
  expect(text).toContain("npx evenkeel check './my own.ts' --law turn --seed 42\n```")
})

test('every report names those that were not reached', () => {
  const stopped = { ...report, interrupted: true, unreached: ['x'] }
  expect(humanReport(stopped, plain)).toContain('· x                        not reached\n')
  expect(markdownReport(stopped)).toContain('Stopped before the end. Not reached: x.')
  expect(junitReport(stopped)).toContain(
    '<testcase classname="x" name="the laws"><skipped message="not',
  )
  expect(JSON.parse(jsonReport(stopped))).toMatchObject({ unreached: ['x'] })
})

test('an excuse that nobody needs is told, and what was found while another law was tried', () => {
  const idle: ToldVerdict = { ...broken, result: 'excused', reason: 'why', idle: true }
  const hung: ToldVerdict = { ...broken, by: 'smooth' }
  const verdicts = [idle, hung]
  const text = humanReport(
    { ...report, judgements: [{ ...report.judgements[0], verdicts }] },
    plain,
  )
  expect(text).toContain('– turn  excused, but obeys it all the same: why\n')
  expect(text.replaceAll(/\s+/g, ' ')).toContain('(while the law "smooth" was tried)')
  expect(text).toContain("check './my own.ts' --law smooth --seed 42\n")
})
