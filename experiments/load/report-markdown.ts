import { count, milliseconds, percent, paragraphs } from '../../simulator/format.ts'
import { conservationText, headOf, noServers, shareNote } from './report-words.ts'
import type { Line, LoadReport, Times } from './report.ts'

const MARKS = { pass: '✅', fail: '❌', undecided: '❔' } as const

/** For a pull request. */
export function markdownReport(report: LoadReport): string {
  const { checks, invalidBecause, pages, requests, serverHeader, servers, thresholds, times } =
    report
  const blocks = [
    [`### ${text(headOf(report))}`],
    invalidBecause.map((why) => `**INVALID**: ${text(why)}.`),
    table(
      ['', 'threshold', 'seen'],
      thresholds.map((each) => [
        MARKS[each.verdict],
        `\`${each.text}\``,
        text([each.seen, each.why].filter((part) => part !== '').join(' · ')),
      ]),
    ),
    table(
      ['time, ms', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'],
      Object.entries(times).map(([name, each]) => [
        name,
        milliseconds(each.mean),
        ...spread(each, true),
      ]),
    ),
    servers.length === 0 && requests.answered > 0 ? [text(noServers(serverHeader))] : [],
    table(
      ['server', 'answers', 'share', '95 %', 'errors', 'p50', 'p95', 'p99', 'max'],
      servers.map((line) => [
        text(line.name),
        count(line.answers),
        percent(line.share),
        `${percent(line.low)} to ${percent(line.high)}`,
        ...figures(line),
      ]),
    ),
    servers.length > 0 ? [text(shareNote(serverHeader))] : [],
    pages.length < 2
      ? []
      : table(
          ['page', 'answers', 'errors', 'p50', 'p95', 'p99', 'max'],
          pages.map((line) => [text(line.name), count(line.answers), ...figures(line)]),
        ),
    table(
      ['check', 'passed', 'failed'],
      checks.map(({ failed, name, passed }) => [text(name), count(passed), count(failed)]),
    ),
    [`${text(conservationText(requests).join(' '))}.`],
  ]
  return paragraphs(blocks)
}

function spread(times: Times, all: boolean): string[] {
  const { max, p50, p90, p95, p99, p999 } = times
  return (all ? [p50, p90, p95, p99, p999, max] : [p50, p95, p99, max]).map(milliseconds)
}

function figures({ errors, response }: Line): string[] {
  return [count(errors), ...spread(response, false)]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)]
}

/** On one line, with nothing in it that Markdown or HTML would take for its own. */
function text(given: string): string {
  return given
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|#~]/g, String.raw`\$&`)
}
