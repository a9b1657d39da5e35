import {
  count,
  milliseconds,
  NOTHING,
  percent,
  plural,
  rate,
  wrap,
  wrapWords,
  paragraphs,
} from '../../simulator/format.ts'
import { type Cell, columnsOf, drawColumns } from '../live/columns.ts'
import type { Paint } from '../live/paint.ts'
import { conservationText, headOf, noServers, rehearsalText, shareNote } from './report-words.ts'
import type { Line, LoadReport, ServerLine, Times } from './report.ts'

/** So many reasons and pages are told one by one. */
const MOST = 12

/** For a terminal. */
export function humanReport(report: LoadReport, width: number, paint: Paint): string {
  const blocks = [
    [paint('strong', headOf(report)), ...invalid(report, width, paint)],
    timesTable(report, width, paint),
    servers(report, width, paint),
    pages(report, width, paint),
    checks(report, width, paint),
    account(report, width, paint),
    lag(report, width, paint),
    thresholds(report, width, paint),
  ]
  return paragraphs(blocks)
}

function invalid(
  { interrupted, invalidBecause }: LoadReport,
  width: number,
  paint: Paint,
): string[] {
  const lines = invalidBecause.flatMap((why) => wrapWords(`INVALID: ${why}.`, width))
  return [
    ...(interrupted ? [paint('warn', 'Stopped before its end.')] : []),
    ...lines.map((line) => paint('bad', line)),
  ]
}

function timesTable({ times, valid }: LoadReport, width: number, paint: Paint): string[] {
  const row = (name: string, given: Times, note: string): Cell[] => [
    name,
    ...[given.mean, given.p50, given.p90, given.p95, given.p99, given.p999, given.max].map(
      (value): Cell => ({ text: milliseconds(value), tone: valid ? 'plain' : 'warn' }),
    ),
    { text: note, tone: 'faint' },
  ]
  const columns = [
    ...columnsOf('left', valid ? 'time, ms' : 'INVALID, ms'),
    ...columnsOf('right', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'),
    ...columnsOf('left', ''),
  ]
  const rows = [
    row('response', times.response, 'from when it was due; answers below 500'),
    row('service', times.service, 'from when it was sent'),
    row('lateness', times.lateness, 'of the generator'),
  ]
  return drawColumns(columns, rows, width, paint)
}

function servers(report: LoadReport, width: number, paint: Paint): string[] {
  const { requests, serverHeader } = report
  if (report.servers.length === 0) {
    if (requests.answered === 0) return []
    return wrapWords(noServers(serverHeader), width).map((line) => paint('faint', line))
  }
  const columns = [
    ...columnsOf('left', 'server'),
    ...columnsOf('right', 'answers', 'share', '95 %'),
    ...columnsOf('right', 'errors', 'p50', 'p95', 'p99', 'max'),
  ]
  const rows = report.servers.map((line): Cell[] => [
    line.name,
    count(line.answers),
    percent(line.share),
    { text: rangeOf(line), tone: 'faint' },
    ...figures(line),
  ])
  return [
    ...drawColumns(columns, rows, width, paint),
    ...wrapWords(shareNote(serverHeader), width).map((line) => paint('faint', line)),
  ]
}

function rangeOf({ high, low }: ServerLine): string {
  return `${(low * 100).toFixed(1)}–${(high * 100).toFixed(1)}`
}

function figures({ errors, response }: Line): Cell[] {
  return [
    { text: count(errors), tone: errors > 0 ? 'warn' : 'plain' },
    ...[response.p50, response.p95, response.p99, response.max].map(milliseconds),
  ]
}

function pages(report: LoadReport, width: number, paint: Paint): string[] {
  if (report.pages.length < 2) return []
  const columns = [
    ...columnsOf('left', 'page'),
    ...columnsOf('right', 'answers', 'errors', 'p50', 'p95', 'p99', 'max'),
  ]
  const most = report.pages.toSorted((a, b) => b.answers - a.answers).slice(0, MOST)
  const rows = most.map((line): Cell[] => [line.name, count(line.answers), ...figures(line)])
  const left = report.pages.length - rows.length
  return [
    ...drawColumns(columns, rows, width, paint),
    ...(left > 0
      ? [paint('faint', `and ${plural(left, 'page')} more, in the files of --out`)]
      : []),
  ]
}

function checks(report: LoadReport, width: number, paint: Paint): string[] {
  if (report.checks.length === 0) return []
  const columns = [
    ...columnsOf('left', 'check'),
    ...columnsOf('right', 'passed', 'failed', 'share'),
  ]
  const rows = report.checks.map(({ failed, name, passed }): Cell[] => [
    { text: `${failed === 0 ? '✓' : '✗'} ${name}`, tone: failed === 0 ? 'good' : 'bad' },
    count(passed),
    { text: count(failed), tone: failed > 0 ? 'bad' : 'plain' },
    percent(passed / (passed + failed)),
  ])
  return drawColumns(columns, rows, width, paint)
}

function account(report: LoadReport, width: number, paint: Paint): string[] {
  const { reasons, requests, statuses, warmup, warmupRequests } = report
  const answers = Object.entries(statuses).flatMap(([name, number]) =>
    number > 0 ? [`${count(number)} ${name}`] : [],
  )
  const told = reasons
    .slice(0, MOST)
    .map(({ count: times, reason }) => `${count(times)} × ${reason}`)
  return [
    ...wrap('requests   ', conservationText(requests), width),
    ...(answers.length > 0 ? wrap('answers    ', answers, width) : []),
    ...(warmup > 0
      ? wrap(
          'warm-up    ',
          [`${warmup / 1000} s, not in the figures above`, ...conservationText(warmupRequests)],
          width,
        )
      : []),
    ...(told.length > 0 ? wrap('because    ', told, width).map((line) => paint('warn', line)) : []),
    ...(requests.missing === 0
      ? []
      : [paint('bad', `✗ ${plural(requests.missing, 'request')} unaccounted for`)]),
  ]
}

function lag(report: LoadReport, width: number, paint: Paint): string[] {
  const {
    lag: { generator, proxy },
    rates,
    requests,
  } = report
  const rehearsal = rehearsalText(report)
  const own = [
    `late by ${milliseconds(generator.p99)} ms at p99, ${milliseconds(generator.max)} at most`,
  ]
  if (generator.busy !== null) own.push(`busy ${percent(generator.busy)}`)
  const theirs =
    proxy === null
      ? []
      : [
          `late by ${milliseconds(proxy.p99)} ms at p99, ${milliseconds(proxy.max)} at most, since it started`,
        ]
  const speed =
    requests.due === 0
      ? [NOTHING]
      : [`${rate(rates.due)}/s due`, `${rate(rates.answered)}/s answered`]
  return [
    ...wrap('rate       ', speed, width),
    ...(rehearsal === undefined ? [] : wrap('rehearsal  ', [rehearsal], width)),
    ...wrap('generator  ', [`event loop ${own[0]}`, ...own.slice(1)], width),
    ...(theirs.length > 0 ? wrap('proxy      ', [`event loop ${theirs[0]}`], width) : []),
  ].map((line) => paint('faint', line))
}

const GLYPHS = { pass: '✓', fail: '✗', undecided: '?' } as const
const TONES = { pass: 'good', fail: 'bad', undecided: 'warn' } as const

function thresholds(report: LoadReport, width: number, paint: Paint): string[] {
  return report.thresholds.flatMap(({ seen, text, verdict, why }) => {
    const parts = [`${GLYPHS[verdict]} ${text}`, seen, why].filter((part) => part !== '')
    return wrapWords(parts.join(' · '), width).map((line) => paint(TONES[verdict], line))
  })
}
