import {
  excuseOf,
  foundOf,
  type Judgement,
  repeat,
  type Report,
  stepsOf,
  type ToldVerdict,
} from './verdicts.ts'

/** JUnit's XML, as Jenkins, GitLab and others read it: a suite a strategy, a case a law. */
export function junitReport(report: Report): string {
  return documentOf(report.elapsed, suitesOf(report))
}

/** The lines of all its suites. */
export function suitesOf(report: Report): string[] {
  return [
    ...report.judgements.flatMap((judgement) => suite(judgement, report)),
    ...report.unreached.flatMap((name) => unreachedSuite(name, 'the laws')),
  ]
}

/** `elapsed` in milliseconds. */
export function documentOf(elapsed: number, suites: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="evenkeel check" time="${seconds(elapsed)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

/** One that nobody came to, because somebody interrupted. */
export function unreachedSuite(name: string, what: string): string[] {
  return [
    `  <testsuite name="${xml(name)}" tests="1" failures="0" errors="0" skipped="1" time="0.000">`,
    `    <testcase classname="${xml(name)}" name="${xml(what)}"><skipped message="not reached"/></testcase>`,
    '  </testsuite>',
  ]
}

function suite(judgement: Judgement, report: Report): string[] {
  const { doubts, target, unclaimed, unusable, untried, verdicts } = judgement
  const cases = verdicts.flatMap((verdict) => testCase(judgement, verdict, report))
  const skipped = untried.map(
    (law) =>
      `    <testcase classname="${xml(target.name)}" name="${xml(`${law.id}: ${law.title}`)}"><skipped message="not tried"/></testcase>`,
  )
  const error =
    unusable === undefined
      ? []
      : [
          `    <testcase classname="${xml(target.name)}" name="can be used">`,
          `      <error message="${xml(unusable)}"/>`,
          '    </testcase>',
        ]
  const count = (result: string): number => verdicts.filter((each) => each.result === result).length
  const errors = unusable === undefined ? 0 : 1
  const tests = verdicts.length + untried.length + errors
  const time = verdicts.reduce((sum, each) => sum + each.time, 0)
  const numbers = `tests="${tests}" failures="${count('broken')}" errors="${errors}" skipped="${count('excused') + untried.length}"`
  return [
    `  <testsuite name="${xml(target.name)}" ${numbers} time="${seconds(time)}">`,
    ...properties({ unclaimed: unclaimed.join(', '), doubts: doubts.join('; ') }),
    ...error,
    ...cases,
    ...skipped,
    '  </testsuite>',
  ]
}

function properties(given: Readonly<Record<string, string>>): string[] {
  const lines = Object.entries(given)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `      <property name="${name}" value="${xml(value)}"/>`)
  return lines.length === 0 ? [] : ['    <properties>', ...lines, '    </properties>']
}

function testCase(judgement: Judgement, verdict: ToldVerdict, report: Report): string[] {
  const { law, result, time } = verdict
  const name = `${law.id}: ${law.title}`
  const head = `    <testcase classname="${xml(judgement.target.name)}" name="${xml(name)}" time="${seconds(time)}"`
  if (result === 'holds') return [`${head}/>`]
  if (result === 'excused')
    return [`${head}>`, `      <skipped message="${xml(excuseOf(verdict))}"/>`, '    </testcase>']
  const text = [law.why, ...stepsOf(verdict), `Again: ${repeat(judgement, verdict, report)}`]
  return [
    `${head}>`,
    `      <failure type="${xml(law.id)}" message="${xml(foundOf(verdict))}">${xml(text.join('\n'))}</failure>`,
    '    </testcase>',
  ]
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escaped, and without the characters that XML 1.0 cannot have, not even escaped (section 2.2). */
export function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character])
}
