import type { ServerState } from '../../proxy/core/endpoint.ts'
import { drawColumns, type Cell, type Column } from './columns.ts'
import { clip, clock, count, milliseconds, percent, rate, wrap } from './format.ts'
import type { Paint, Tone } from './paint.ts'
import type { ServerRow } from './recent.ts'

/** Everything that one drawing of the live table shows. */
export interface LiveView {
  /** Milliseconds since the traffic began. */
  elapsed: number
  strategy: string
  /** The traffic in a few words. */
  traffic: string
  proxy: { url: string; pid: number | undefined }
  page: string
  fakes: readonly { id: string; url: string; pid: number | undefined }[]
  load: {
    due: number
    answered: number
    inflight: number
    failed: number
    unsendable: number
    shed: number
    /** Milliseconds. */
    lateness: number
  }
  rows: readonly ServerRow[]
  events: readonly LiveEvent[]
}

export interface LiveEvent {
  elapsed: number
  tone: Tone
  text: string
}

const SIGNS: Record<ServerState, { glyph: string; tone: Tone }> = {
  up: { glyph: '●', tone: 'good' },
  full: { glyph: '◐', tone: 'warn' },
  checking: { glyph: '◌', tone: 'warn' },
  draining: { glyph: '◍', tone: 'warn' },
  down: { glyph: '✗', tone: 'bad' },
}

const COLUMNS: readonly Column[] = [
  { title: 'server', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'share', align: 'right' },
  { title: 'expect', align: 'right' },
  { title: 'req/s', align: 'right' },
  { title: 'in fl.', align: 'right' },
  { title: 'errors', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right' },
]

/** From this width on a reason has a column of its own; below it, a line of its own. */
const ROOM_FOR_REASONS = 110
const EVENTS_SHOWN = 5

/** The whole live table, line by line, none wider than `width`. */
export function drawLive(view: LiveView, width: number, paint: Paint): string[] {
  return [
    ...drawHead(view, width, paint),
    '',
    ...drawServers(view.rows, width, paint),
    paint(
      'faint',
      clip('latencies in ms and shares: the last 10 s; errors: since the start', width),
    ),
    '',
    ...drawEvents(view.events, width, paint),
    paint('faint', clip('Ctrl-C ends the run and prints the summary.', width)),
  ]
}

function drawHead(view: LiveView, width: number, paint: Paint): string[] {
  const { load } = view
  const figures = [
    `${count(load.due)} due`,
    `${count(load.answered)} answered`,
    `${count(load.inflight)} in flight`,
    `${count(load.failed)} failed`,
  ]
  if (load.unsendable > 0) figures.push(`${count(load.unsendable)} unsendable`)
  if (load.shed > 0) figures.push(`${count(load.shed)} shed`)
  figures.push(`p99 lateness ${milliseconds(load.lateness)} ms`)
  return [...drawPlaces(view, width, paint), ...wrap('traffic  ', figures, width)]
}

/** What runs here, and where. */
export function drawPlaces(view: LiveView, width: number, paint: Paint): string[] {
  const time = clock(view.elapsed)
  const title = clip(`Evenkeel · ${view.strategy} · ${view.traffic}`, width - time.length - 2)
  const proxy = `${view.proxy.url} (${pidText(view.proxy.pid)})`
  const fakes = view.fakes.map(({ id, url, pid }) => `${id} ${url} (${pidText(pid)})`)
  return [
    paint('strong', title) + ' '.repeat(width - title.length - time.length) + time,
    ...wrap('proxy    ', [proxy, `page ${view.page}`], width),
    ...wrap('fakes    ', fakes, width),
  ]
}

function drawServers(rows: readonly ServerRow[], width: number, paint: Paint): string[] {
  if (rows.length === 0) return [paint('faint', 'waiting for the first second to end …')]
  const wide = width >= ROOM_FOR_REASONS
  const columns = wide ? [...COLUMNS, { title: 'why', align: 'left' } as const] : COLUMNS
  const [header, ...drawn] = drawColumns(columns, rows.map(cellsOf), width, paint)
  const lines = [header]
  rows.forEach((row, i) => {
    lines.push(drawn[i])
    if (!wide && row.reason !== '' && row.state !== 'up') {
      lines.push(paint('faint', clip(`        └ ${row.reason}`, width)))
    }
  })
  return lines
}

function cellsOf(row: ServerRow): Cell[] {
  const { glyph, tone } = SIGNS[row.state]
  return [
    row.id,
    { text: `${glyph} ${row.state}`, tone },
    percent(row.share),
    percent(row.dueShare),
    rate(row.rate),
    count(row.inflight),
    { text: count(row.errors), tone: row.errors > 0 ? 'warn' : 'plain' },
    milliseconds(row.p50),
    milliseconds(row.p95),
    milliseconds(row.p99),
    { text: row.reason, tone: 'faint' },
  ]
}

function drawEvents(events: readonly LiveEvent[], width: number, paint: Paint): string[] {
  const shown = events.slice(-EVENTS_SHOWN).map((event) => drawEvent(event, width, paint))
  return shown.length > 0 ? [...shown, ''] : []
}

export function drawEvent(event: LiveEvent, width: number, paint: Paint): string {
  const time = clock(event.elapsed).padStart(6)
  return `${paint('faint', time)}  ${paint(event.tone, clip(event.text, width - time.length - 2))}`
}

/** The state of things in one line, for logs and pipes. */
export function drawLine(view: LiveView): string {
  const { load } = view
  const servers = view.rows.map((row) => {
    const word = row.state === 'up' ? '' : ` ${row.state.toUpperCase()}`
    return `${row.id}${word} ${percent(row.share)} p99 ${milliseconds(row.p99)} ms`
  })
  const figures = `${count(load.due)} due, ${count(load.answered)} answered, ${count(load.failed)} failed`
  return `${clock(view.elapsed).padStart(6)}  ${[figures, ...servers].join(' · ')}`
}

function pidText(pid: number | undefined): string {
  return pid === undefined ? 'not running' : `pid ${pid}`
}
