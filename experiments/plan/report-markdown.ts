import { clock, milliseconds, NOTHING, percent, plural } from '../../simulator/format.ts'
import type { Found } from './planning.ts'
import * as words from './words.ts'

/** For a ticket or a pull request. */
export function markdownReport(found: Found): string {
  const { bound, calibration, current, doubts, forecasts, headrooms, log } = found
  const { book, name } = log
  const checks = calibration?.checked.map((each) => {
    const { bound: allowed, copied, error, measured, title } = words.checkWords(each)
    return [title, measured, copied, error, allowed, each.passed ? 'yes' : '**no**']
  })
  const [now, ...others] = forecasts
  const rows = forecasts.map((each) => [
    each.label,
    words.time(each.ranges.p50),
    words.time(each.ranges.p95),
    words.time(each.ranges.p99),
    percent(each.ranges.errors.value),
    each.moved === undefined ? NOTHING : percent(each.moved),
    each === now ? 'ran' : words.verdictWords(each, now),
  ])
  const stress = headrooms.flatMap((each) =>
    each.without.map((one) => [each.label, ...words.withoutWords(one)]),
  )
  return `${[
    `### What if: ${text(name)}`,
    '',
    `**${text(words.conclusion(found))}**`,
    '',
    `${plural(book.count, 'request')} in ${clock(book.times[book.count - 1])}; ${text(current)} ran.`,
    '',
    ...(checks === undefined
      ? []
      : [...table(['', 'measured', 'copy', 'off', 'allowed', 'passed'], checks), '']),
    ...doubts.flatMap((each) => [`- ${text(each)}`, '']),
    ...(rows.length === 0
      ? []
      : [
          ...table(['ms', 'p50', 'p95', 'p99', 'errors', 'keys moved', 'verdict'], rows),
          '',
          words.INTERVALS,
          '',
        ]),
    ...(stress.length === 0
      ? []
      : [...table(['', 'if one dies', 'p99', 'errors', 'busiest'], stress), '']),
    ...(headrooms.length === 0 || bound === undefined
      ? []
      : table(
          ['', `traffic until ${bound.key} is ${milliseconds(bound.below)} ms`],
          headrooms.map((each) => [each.label, words.growthWords(each)]),
        )),
    ...(others.length === 0 ? [] : ['']),
    ...found.knowledge.unknown.map((each) => `- not known: ${text(each)}`),
  ].join('\n')}\n`
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [header, header.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
  return lines.map(
    (row, i) => `| ${row.map((each) => (i === 1 ? each : text(each))).join(' | ')} |`,
  )
}

/** With nothing in it that Markdown would take for its own. */
function text(given: string): string {
  return given.replaceAll(/\s+/g, ' ').replaceAll(/[\\`_[\]|#<~]/g, String.raw`\$&`)
}
