import type { Snapshot } from '../../proxy/core/snapshot.ts'
import {
  clip,
  clock,
  count,
  milliseconds,
  percent,
  promiseNotes,
  wrap,
} from '../../simulator/format.ts'
import type { Tone } from '../../simulator/study/tone.ts'
import type { Paint } from './paint.ts'
import { drawPlaces, drawShortPlaces, drawTitle } from './places-view.ts'
import type { ServerRow } from './recent.ts'
import { drawMissing, drawServers } from './server-table.ts'

/** Everything that one drawing of the live table shows. */
export interface LiveView {
  /** Milliseconds since the traffic began. */
  elapsed: number
  strategy: string
  /** What the strategy promises of shares; undefined before the first second is over. */
  promise: Snapshot['promise'] | undefined
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
    /** Of those answered: with a 5xx. */
    serverErrors: number
    unconnected: number
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

/** How much of the view is drawn. */
interface Layout {
  places: 'full' | 'short' | 'none'
  /** How many of the newest events. */
  events: number
  /** Empty lines between the parts, footnotes, and lines of reasons in the table. */
  loose: boolean
}

/** From the whole view to the table alone: what tells least goes first. */
const LAYOUTS: readonly Layout[] = [
  { places: 'full', events: 5, loose: true },
  { places: 'short', events: 5, loose: true },
  ...[5, 4, 3, 2, 1].map((events): Layout => ({ places: 'none', events, loose: true })),
  ...[5, 4, 3, 2, 1, 0].map((events): Layout => ({ places: 'none', events, loose: false })),
]

/** The live table, line by line: none wider than `width`, and no more than `height` of them. */
export function drawLive(view: LiveView, width: number, paint: Paint, height = Infinity): string[] {
  for (const layout of LAYOUTS) {
    const lines = drawLayout(view, layout, width, paint)
    if (lines.length <= height) return lines
  }
  return drawCut(view, width, paint, height)
}

function drawLayout(view: LiveView, layout: Layout, width: number, paint: Paint): string[] {
  const { places, loose } = layout
  const gap = loose ? [''] : []
  const events = layout.events === 0 ? [] : view.events.slice(-layout.events)
  const table = { pids: places !== 'full', reasons: loose }
  return [
    drawTitle(view, width, paint),
    ...(places === 'full' ? drawPlaces(view, width) : []),
    ...(places === 'short' ? drawShortPlaces(view, width) : []),
    ...drawTraffic(view, width),
    ...gap,
    ...drawServers(view, width, paint, table),
    ...(loose ? drawNotes(view, width, paint) : []),
    ...gap,
    ...events.map((event) => drawEvent(event, width, paint)),
    ...(events.length > 0 ? gap : []),
    drawHint(width, paint),
  ]
}

/** As many rows as there is room for. */
function drawCut(view: LiveView, width: number, paint: Paint, height: number): string[] {
  const above = [drawTitle(view, width, paint), ...drawTraffic(view, width)]
  const [header, ...rows] = drawServers(view, width, paint, { pids: true, reasons: false })
  const shown = Math.max(0, height - above.length - 3)
  const missing = view.rows.slice(shown)
  const below = [drawHint(width, paint)]
  if (missing.length > 0 && height > 1) below.unshift(drawMissing(missing, width, paint))
  const lines = [...above, header, ...rows.slice(0, shown)]
  return [...lines.slice(0, Math.max(0, height - below.length)), ...below]
}

function drawTraffic({ load }: LiveView, width: number): string[] {
  const lateness = `p99 lateness ${milliseconds(load.lateness)} ms`
  return wrap('traffic  ', [...figuresOf(load), lateness], width)
}

/** What became of the requests; what should not happen is named once it does. */
function figuresOf(load: LiveView['load']): string[] {
  const figures = [
    `${count(load.due)} due`,
    `${count(load.answered)} answered`,
    `${count(load.inflight)} in flight`,
    `${count(load.failed)} failed`,
  ]
  if (load.serverErrors > 0) figures.push(`${count(load.serverErrors)} × 5xx`)
  if (load.unconnected > 0) figures.push(`${count(load.unconnected)} never connected`)
  if (load.unsendable > 0) figures.push(`${count(load.unsendable)} unsendable`)
  if (load.shed > 0) figures.push(`${count(load.shed)} shed`)
  return figures
}

function drawNotes(view: LiveView, width: number, paint: Paint): string[] {
  const notes = [
    'latencies in ms and shares: the last 10 s',
    'errors: tries that failed, since the start',
    ...promiseNotes(view.strategy, view.promise),
  ]
  return wrap('', notes, width).map((line) => paint('faint', line))
}

function drawHint(width: number, paint: Paint): string {
  return paint('faint', clip('Ctrl-C ends the run and prints the summary.', width))
}

export function drawEvent(event: LiveEvent, width: number, paint: Paint): string {
  const time = clock(event.elapsed).padStart(6)
  return `${paint('faint', time)}  ${paint(event.tone, clip(event.text, width - time.length - 2))}`
}

/** The state of things in one line, for logs and pipes. */
export function drawLine(view: LiveView): string {
  const servers = view.rows.map((row) => {
    const word = row.state === 'up' ? '' : ` ${row.state.toUpperCase()}`
    return `${row.id}${word} ${percent(row.share)} p99 ${milliseconds(row.p99)} ms`
  })
  const figures = figuresOf(view.load).join(', ')
  return `${clock(view.elapsed).padStart(6)}  ${[figures, ...servers].join(' · ')}`
}
