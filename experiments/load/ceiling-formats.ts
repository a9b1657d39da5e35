import { count, milliseconds, percent, rate } from '../../simulator/format.ts'
import { xml } from '../check/report-junit.ts'
import { plain, type Paint } from '../live/paint.ts'
import { ceilingReport, ceilingWords } from './ceiling-report.ts'
import type { Ceiling } from './ceiling.ts'
import type { Format } from './formats.ts'

const WIDTH = 100

/** What a search came to, in one of `CEILING_FORMATS`. */
export function ceilingTold(
  found: Ceiling,
  format: Format,
  width = WIDTH,
  paint: Paint = plain,
): string {
  if (format === 'json') return `${JSON.stringify(found, undefined, 2)}\n`
  if (format === 'csv') return csv(found)
  if (format === 'junit') return junit(found)
  if (format === 'markdown') return markdown(found)
  return ceilingReport(found, width, paint)
}

/** A row for each number of users; times are milliseconds, shares from 0 to 1. */
function csv({ steps }: Ceiling): string {
  const rows = steps.map(({ busy, errors, p50, p99, rate: speed, users }) =>
    [users, speed, p50 ?? '', p99 ?? '', errors, busy].join(','),
  )
  return `${['users,rate,p50,p99,errors,busy', ...rows].join('\n')}\n`
}

/** One case: whether a ceiling was found. A threshold that the first user breaks is a failure. */
function junit(found: Ceiling): string {
  const { ceiling, steps, target } = found
  const broke = steps[0]?.broke
  const [failures, errors] = ceiling !== null ? [0, 0] : broke === undefined ? [0, 1] : [1, 0]
  const kind = failures > 0 ? 'failure' : 'error'
  const message = xml(ceilingWords(found).join(' '))
  const inside =
    ceiling === null ? `<${kind} message="${message}"/>` : `<system-out>${message}</system-out>`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="evenkeel load">',
    `  <testsuite name="${xml(target)}" tests="1" failures="${failures}" errors="${errors}" skipped="0">`,
    `    <testcase classname="evenkeel.load" name="the ceiling is found">${inside}</testcase>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function markdown(found: Ceiling): string {
  const rows = found.steps.map(({ busy, errors, p50, p99, rate: speed, users }) => [
    count(users),
    rate(speed),
    milliseconds(p50),
    milliseconds(p99),
    percent(errors),
    percent(busy),
  ])
  const table = [
    ['users', 'answers/s', 'p50, ms', 'p99, ms', 'errors', 'generator busy'],
    Array.from({ length: 6 }, () => '---:'),
    ...rows,
  ].map((cells) => `| ${cells.join(' | ')} |`)
  return `${[`### ${found.target}`, table.join('\n'), ...ceilingWords(found).map((line) => line.replaceAll('<', '&lt;'))].join('\n\n')}\n`
}
