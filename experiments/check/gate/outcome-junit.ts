import { documentOf, suitesOf, unreachedSuite, xml } from '../report-junit.ts'
import type { Item, Outcome, Part } from './item.ts'

/** JUnit's XML: a suite a scenario, a case for each thing that was asked of a strategy. What is undecided is an error: nobody knows. */
export function junitOutcome({ elapsed, laws, parts, unreached }: Outcome): string {
  return documentOf(elapsed, [
    ...(laws === undefined ? [] : suitesOf(laws)),
    ...parts.flatMap(suite),
    ...unreached.flatMap((name) => unreachedSuite(name, 'the thresholds')),
  ])
}

function suite({ name, standings }: Part): string[] {
  const items = standings.flatMap(({ items }) => items)
  const count = (verdict: Item['verdict']): number =>
    items.filter((each) => each.verdict === verdict).length
  const numbers = `tests="${items.length}" failures="${count('fail')}" errors="${count('undecided')}" skipped="${count('skipped')}"`
  return [
    `  <testsuite name="${xml(name)}" ${numbers} time="0.000">`,
    ...standings.flatMap(({ items: own, strategy }) =>
      own.flatMap((item) => testCase(`${name}.${strategy}`, item)),
    ),
    '  </testsuite>',
  ]
}

function testCase(place: string, { hint, repeat, seen, verdict, what }: Item): string[] {
  const head = `    <testcase classname="${xml(place)}" name="${xml(what)}"`
  const message = xml([seen, hint].filter((each) => each !== undefined && each !== '').join(': '))
  if (verdict === 'pass') return [`${head}><system-out>${message}</system-out></testcase>`]
  if (verdict === 'skipped') return [`${head}><skipped message="${message}"/></testcase>`]
  const tag = verdict === 'fail' ? 'failure' : 'error'
  return [
    `${head}>`,
    `      <${tag} type="${xml(what)}" message="${message}">${xml(`Again: ${repeat}`)}</${tag}>`,
    '    </testcase>',
  ]
}
