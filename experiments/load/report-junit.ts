import { xml } from '../check/report-junit.ts'
import { conservationText, headOf } from './report-words.ts'
import type { LoadReport } from './report.ts'

/** JUnit's XML: a case a threshold, and one each for whether the figures hold and the requests add up. */
export function junitReport(report: LoadReport): string {
  const cases = [
    testCase(
      'the run is valid',
      report.valid ? undefined : ['error', report.invalidBecause.join('; ')],
    ),
    testCase(
      'every request is accounted for',
      report.requests.missing === 0 ? undefined : ['failure', `${report.requests.missing} are not`],
    ),
    ...report.thresholds.map(({ seen, text, verdict, why }) => {
      if (verdict === 'pass') return testCase(text)
      const words = [seen, why].filter((part) => part !== '').join(' · ')
      // Undecided is no failure of the target, and no pass: an error of the test.
      return testCase(text, [verdict === 'fail' ? 'failure' : 'error', words])
    }),
  ]
  const errors = cases.filter((each) => each.includes('<error ')).length
  const failures = cases.filter((each) => each.includes('<failure ')).length
  const time = (report.elapsed / 1000).toFixed(3)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="evenkeel load" time="${time}">`,
    `  <testsuite name="${xml(report.target)}" tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="0" time="${time}" timestamp="${report.began}">`,
    '    <properties>',
    `      <property name="load" value="${xml(headOf(report))}"/>`,
    `      <property name="requests" value="${xml(conservationText(report.requests).join(' '))}"/>`,
    `      <property name="p99" value="${report.times.response.p99?.toFixed(3) ?? ''}"/>`,
    '    </properties>',
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(name: string, wrong?: readonly ['error' | 'failure', string]): string {
  const head = `    <testcase classname="evenkeel.load" name="${xml(name)}"`
  if (wrong === undefined) return `${head}/>`
  return `${head}><${wrong[0]} message="${xml(wrong[1])}"/></testcase>`
}
