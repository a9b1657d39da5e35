import type { Histogram } from '../../proxy/core/histogram.ts'
import { drawAccounting } from './accounting-view.ts'
import { columnsOf, drawColumns, type Cell } from './columns.ts'
import {
  clock,
  count,
  expected,
  milliseconds,
  percent,
  plural,
  promiseNotes,
  rate,
  wrapWords,
} from '../../simulator/format.ts'
import type { Books } from './ledger.ts'
import type { Paint } from './paint.ts'
import { errorsOf } from './recent.ts'

/** Lateness above which the generator, and not what it measures, shapes the response times. */
const LATE = 10

/**
 * The end of a run: what the proxy said on the way, what each server did, how long it took, and whether every request is accounted
 * for.
 */
export function drawSummary(
  books: Books,
  elapsed: number,
  width: number,
  paint: Paint,
  notices: readonly string[] = [],
): string[] {
  const { load, proxy } = books
  const title = `Summary · ${proxy.strategy} · ${plural(load.due, 'request')} in ${clock(elapsed)}`
  return [
    paint('strong', title),
    ...notices.flatMap((notice) =>
      wrapWords(`The proxy: ${notice}`, width).map((line) => paint('bad', line)),
    ),
    '',
    ...drawServers(books, width, paint),
    '',
    ...drawTimes(books, width, paint),
    '',
    ...drawAccounting(books, width, paint),
  ]
}

function drawServers({ proxy }: Books, width: number, paint: Paint): string[] {
  const columns = [
    ...columnsOf('left', 'server', 'state'),
    ...columnsOf('right', 'share', 'expect', 'req/s', 'errors', 'p50', 'p95', 'p99', 'max'),
  ]
  const rows = proxy.servers.map(({ id, state, total }): Cell[] => {
    const errors = errorsOf(total.attempts)
    const { latency } = total
    return [
      id,
      state,
      percent(total.share),
      expected(total.expectedShare, proxy.promise),
      rate(total.attemptsPerSecond),
      { text: count(errors), tone: errors > 0 ? 'warn' : 'plain' },
      milliseconds(latency?.p50 ?? null),
      milliseconds(latency?.p95 ?? null),
      milliseconds(latency?.p99 ?? null),
      milliseconds(latency?.max ?? null),
    ]
  })
  const notes = promiseNotes(proxy.strategy, proxy.promise)
  return [
    ...drawColumns(columns, rows, width, paint),
    ...notes.flatMap((note) => wrapWords(note, width)).map((line) => paint('faint', line)),
  ]
}

function drawTimes({ load }: Books, width: number, paint: Paint): string[] {
  const columns = [
    ...columnsOf('left', 'time, ms'),
    ...columnsOf('right', 'mean', 'p50', 'p95', 'p99', 'max'),
    ...columnsOf('left', ''),
  ]
  const row = (name: string, times: Histogram, note: string): Cell[] => [
    name,
    milliseconds(times.mean),
    milliseconds(times.quantile(0.5)),
    milliseconds(times.quantile(0.95)),
    milliseconds(times.quantile(0.99)),
    milliseconds(times.count > 0 ? times.max : null),
    { text: note, tone: 'faint' },
  ]
  const lines = drawColumns(
    columns,
    [
      row('response', load.response, 'from when it was due'),
      row('service', load.service, 'from when it was sent'),
      row('lateness', load.lateness, 'of the generator'),
    ],
    width,
    paint,
  )
  const late = load.lateness.quantile(0.99)
  if (late > LATE) {
    const text = `The generator was late by ${milliseconds(late)} ms at p99: response times measure this machine, too.`
    lines.push(...wrapWords(text, width).map((line) => paint('warn', line)))
  }
  return lines
}
