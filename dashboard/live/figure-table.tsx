import type { Row, ServerPoint } from './history.ts'
import { rows, servers } from './state.ts'

/** A figure of each server. */
interface PerServer {
  readonly of: (point: ServerPoint) => number | null
  readonly say: (value: number) => string
  /** Which figure, where the chart shows several. */
  readonly what?: string
}

/** A line of the table: a figure of all servers together, or of one. */
interface Column {
  readonly title: string
  readonly what?: string
  readonly of: (row: Row) => number | null
  readonly say: (value: number) => string
}

export type Figures = PerServer | readonly PerServer[] | readonly Column[]

interface Props {
  readonly title: string
  readonly table: Figures
}

const NOTHING = '–'

/** What a chart shows, as numbers: now, and over the time that is shown. */
export function FigureTable({ table, title }: Props) {
  const all = rows.value
  const columns = columnsOf(table)
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
      <table>
        <caption class="unseen">{title}, over the time that is shown</caption>
        <thead>
          <tr>
            <th scope="col">{isColumns(table) ? 'kind' : 'server'}</th>
            <th scope="col" class="number">
              now
            </th>
            <th scope="col" class="number">
              mean
            </th>
            <th scope="col" class="number">
              least
            </th>
            <th scope="col" class="number">
              most
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <Line key={`${column.title} ${column.what}`} column={column} rows={all} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({ column, rows }: { readonly column: Column; readonly rows: readonly Row[] }) {
  const { of, say, title, what } = column
  const last = rows.at(-1)
  const now = last === undefined ? null : of(last)
  const values = rows.map(of).filter((value) => value !== null)
  const told = (value: number): string => (values.length === 0 ? NOTHING : say(value))
  return (
    <tr>
      <th scope="row" class="id" title={title}>
        {title}
        {what !== undefined && <span class="unit"> {what}</span>}
      </th>
      <td class="number">{now === null ? NOTHING : say(now)}</td>
      <td class="number">{told(values.reduce((sum, value) => sum + value, 0) / values.length)}</td>
      <td class="number">{told(Math.min(...values))}</td>
      <td class="number">{told(Math.max(...values))}</td>
    </tr>
  )
}

function columnsOf(table: Figures): readonly Column[] {
  if (isColumns(table)) return table
  const figures = Array.isArray(table) ? (table as readonly PerServer[]) : [table as PerServer]
  return servers.value.flatMap((id) => figures.map((figure) => ofServer(id, figure)))
}

function ofServer(id: string, { of, say, what }: PerServer): Column {
  return {
    title: id,
    ...(what !== undefined && { what }),
    say,
    of: ({ servers }) => {
      const point = servers.get(id)
      return point === undefined ? null : of(point)
    },
  }
}

function isColumns(table: Figures): table is readonly Column[] {
  return Array.isArray(table) && 'title' in table[0]
}
