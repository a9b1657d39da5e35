import type { Histogram } from '../../proxy/core/histogram.ts'
import { drawColumns, type Cell, type Column } from './columns.ts'
import { clock, count, milliseconds, NOTHING, percent, plural, rate, wrap } from './format.ts'
import { type Books, compareBooks, exchangesOf, reachedOf } from './ledger.ts'
import type { Paint } from './paint.ts'
import { errorsOf } from './recent.ts'

/** Lateness above which the generator, and not what it measures, shapes the response times. */
const LATE = 10

/** The end of a run: what each server did, how long it took, and whether every request is accounted for. */
export function drawSummary(books: Books, elapsed: number, width: number, paint: Paint): string[] {
  const { load, proxy } = books
  const title = `Summary · ${proxy.strategy} · ${plural(load.due, 'request')} in ${clock(elapsed)}`
  return [
    paint('strong', title),
    '',
    ...drawServers(books, width, paint),
    '',
    ...drawTimes(books, width, paint),
    '',
    paint('strong', 'Accounting'),
    '',
    ...drawRequests(books, width, paint),
    '',
    ...drawAttempts(books, width, paint),
    '',
    ...drawVerdict(books, width, paint),
  ]
}

function drawServers({ proxy }: Books, width: number, paint: Paint): string[] {
  const columns = [
    ...columnsOf('left', 'server', 'state'),
    ...columnsOf('right', 'share', 'due', 'req/s', 'errors', 'p50', 'p95', 'p99', 'max'),
  ]
  const rows = proxy.servers.map(({ id, state, total }): Cell[] => {
    const errors = errorsOf(total.attempts)
    const { latency } = total
    return [
      id,
      state,
      percent(total.share),
      percent(total.expectedShare),
      rate(total.attemptsPerSecond),
      { text: count(errors), tone: errors > 0 ? 'warn' : 'plain' },
      milliseconds(latency?.p50 ?? null),
      milliseconds(latency?.p95 ?? null),
      milliseconds(latency?.p99 ?? null),
      milliseconds(latency?.max ?? null),
    ]
  })
  return drawColumns(columns, rows, width, paint)
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
    lines.push(...drawWords(text, width).map((line) => paint('warn', line)))
  }
  return lines
}

/** What the generator and the proxy each counted. */
function drawRequests({ load, proxy }: Books, width: number, paint: Paint): string[] {
  const { answers } = proxy
  const rows: Cell[][] = [['due', count(load.due), '']]
  if (load.unsendable > 0) rows.push(['  unsendable', count(load.unsendable), ''])
  if (load.shed > 0) rows.push(['  shed', count(load.shed), ''])
  rows.push(['sent', count(load.sent), count(exchangesOf(proxy))])
  for (const kind of [1, 2, 3, 4, 5] as const) {
    const theirs = answers[`${kind}xx`]
    const always = kind !== 1 && kind !== 3
    if (!always && load.byClass[kind] === 0 && theirs === 0) continue
    rows.push([`  ${kind}xx`, count(load.byClass[kind]), count(theirs)])
  }
  rows.push(['  no whole answer', count(load.failed), count(answers.left)])
  if (load.inflight > 0) rows.push(['  in flight', count(load.inflight), count(proxy.inFlight)])
  const columns = [
    ...columnsOf('left', 'requests'),
    ...columnsOf('right', 'generator', 'proxy'),
  ]
  const lines = drawColumns(columns, rows, width, paint)
  for (const [reason, times] of [...load.reasons].slice(0, 5)) {
    lines.push(...drawWords(`  ${count(times)} × ${reason}`, width).map((line) => paint('faint', line)))
  }
  return lines
}

/** What the answers say, what the proxy counted, and what each fake counted. */
function drawAttempts({ load, proxy, fakes }: Books, width: number, paint: Paint): string[] {
  const columns = [
    ...columnsOf('left', 'server'),
    ...columnsOf('right', 'answers', 'attempts', 'ok', 'error', 'timeout', 'refused', 'left'),
    ...columnsOf('right', 'arrived', 'served'),
  ]
  const rows = proxy.servers.map(({ id, total }): Cell[] => {
    const { ok, error, timeout, refused, aborted } = total.attempts
    const counts = fakes.find((fake) => fake.id === id)?.counts
    return [
      id,
      count(load.servers.get(id)?.answers ?? 0),
      count(reachedOf(total.attempts) + refused),
      ...[ok, error, timeout, refused, aborted].map(count),
      counts ? count(counts.arrived) : NOTHING,
      counts ? count(counts.served) : NOTHING,
    ]
  })
  const own = load.servers.get('')
  if (own !== undefined) rows.push(['(proxy)', count(own.answers)])
  const lines = drawColumns(columns, rows, width, paint)
  const retries = `${plural(proxy.retries.total, 'attempt')} beyond the first of a request`
  return [
    ...lines,
    ...wrap('', ['answers: the generator', 'attempts to left: the proxy', 'arrived, served: the fakes', retries], width)
      .map((line) => paint('faint', line)),
  ]
}

function drawVerdict(books: Books, width: number, paint: Paint): string[] {
  const { gaps, notes } = compareBooks(books)
  const lines = notes.flatMap((note) => drawWords(note, width))
  if (gaps.length === 0) {
    const text = `The books balance: every one of ${plural(books.load.due, 'request')} is accounted for.`
    return [...lines, paint('good', text)]
  }
  lines.push(...drawWords('The books do not balance:', width).map((line) => paint('bad', line)))
  return [...lines, ...gaps.flatMap((gap) => drawWords(`  ${gap}`, width))]
}

/** A text on as many lines as it needs. */
function drawWords(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = `  ${word}`
    } else {
      line = line === '' && lines.length === 0 && word !== '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

function columnsOf(align: Column['align'], ...titles: string[]): Column[] {
  return titles.map((title) => ({ title, align }))
}
