import type { ServerState } from '../../proxy/core/endpoint.ts'
import { type Cell, columnsOf, drawColumns, widthOf } from './columns.ts'
import {
  clip,
  count,
  expected,
  milliseconds,
  NOTHING,
  percent,
  plural,
  rate,
} from '../../simulator/format.ts'
import type { LiveView } from './live-view.ts'
import type { Tone } from '../../simulator/study/tone.ts'
import type { Paint } from './paint.ts'
import type { ServerRow } from './recent.ts'

const SIGNS: Record<ServerState, { glyph: string; tone: Tone }> = {
  up: { glyph: '●', tone: 'good' },
  full: { glyph: '◐', tone: 'warn' },
  checking: { glyph: '◌', tone: 'warn' },
  draining: { glyph: '◍', tone: 'warn' },
  down: { glyph: '✗', tone: 'bad' },
  ejected: { glyph: '⊘', tone: 'bad' },
}

const COLUMNS = [
  ...columnsOf('left', 'server', 'state'),
  ...columnsOf('right', 'share', 'expect', 'req/s', 'in fl.', 'errors', 'p50', 'p95', 'p99'),
]

/** From this width on a reason has a column of its own; below it, a line of its own. */
const ROOM_FOR_REASONS = 110

export interface TableOptions {
  /** Has a column of process ids where there is width: they stand nowhere else then. */
  pids: boolean
  /** May have lines of reasons. */
  reasons: boolean
}

/** A row for each server, with what is wrong with it. */
export function drawServers(
  view: LiveView,
  width: number,
  paint: Paint,
  options: TableOptions,
): string[] {
  const { rows, fakes, promise } = view
  if (rows.length === 0) return [paint('faint', 'waiting for the first second to end …')]
  const pids = rows.map(({ id }) => String(fakes.find((fake) => fake.id === id)?.pid ?? NOTHING))
  let columns = COLUMNS
  let cells = rows.map((row) => cellsOf(row, promise))
  if (options.pids) {
    const longer = [...columns, ...columnsOf('right', 'pid')]
    const filled = cells.map((row, i) => [...row, pids[i]])
    if (widthOf(longer, filled) <= width) [columns, cells] = [longer, filled]
  }
  const wide = width >= ROOM_FOR_REASONS
  if (wide) {
    columns = [...columns, ...columnsOf('left', 'why')]
    cells = cells.map((row, i) => [...row, { text: rows[i].reason, tone: 'faint' as const }])
  }
  const [header, ...drawn] = drawColumns(columns, cells, width, paint)
  const lines = [header]
  rows.forEach((row, i) => {
    lines.push(drawn[i])
    if (!wide && options.reasons && row.reason !== '' && row.state !== 'up') {
      lines.push(paint('faint', clip(`        └ ${row.reason}`, width)))
    }
  })
  return lines
}

/** Says which rows of a table there was no room for. */
export function drawMissing(rows: readonly ServerRow[], width: number, paint: Paint): string {
  const bad = rows.filter(({ state }) => state !== 'up').length
  const states = bad === 0 ? '' : `, of which ${count(bad)} not up`
  const text = `… and ${plural(rows.length, 'more server', 'more servers')}${states}`
  return paint(bad === 0 ? 'faint' : 'warn', clip(text, width))
}

function cellsOf(row: ServerRow, promise: LiveView['promise']): Cell[] {
  const { glyph, tone } = SIGNS[row.state]
  return [
    row.id,
    { text: `${glyph} ${row.state}`, tone },
    percent(row.share),
    expected(row.dueShare, promise),
    rate(row.rate),
    count(row.inflight),
    { text: count(row.errors), tone: row.errors > 0 ? 'warn' : 'plain' },
    milliseconds(row.p50),
    milliseconds(row.p95),
    milliseconds(row.p99),
  ]
}
