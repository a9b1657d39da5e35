import type { Row, ServerPoint } from './history.ts'
import { rows, servers } from './state.ts'

/** A figure of each server. */
export interface PerServer {
  readonly of: (point: ServerPoint) => number | null
  readonly say: (value: number) => string
  /** Which figure, where the chart shows several. */
  readonly what?: string
}

/** A figure of all servers together. */
export interface Column {
  readonly title: string
  readonly of: (row: Row) => number | null
  readonly say: (value: number) => string
}

interface Props {
  readonly title: string
  readonly table: PerServer | readonly Column[]
}

const NOTHING = '–'

/** What a chart shows, as numbers: now, and over the time that is shown. */
export function FigureTable({ table, title }: Props) {
  const all = rows.value
  const columns = isColumns(table) ? table : servers.value.map((id) => ofServer(id, table))
  const what = isColumns(table) || table.what === undefined ? '' : `, ${table.what}`
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
      <table>
        <caption class="unseen">
          {title}
          {what}, over the time that is shown
        </caption>
        <thead>
          <tr>
            <th scope="col">
              {isColumns(table) ? 'kind' : 'server'}
              {what}
            </th>
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
            <Line key={column.title} column={column} rows={all} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({ column, rows }: { readonly column: Column; readonly rows: readonly Row[] }) {
  const { of, say, title } = column
  const last = rows.at(-1)
  const now = last === undefined ? null : of(last)
  const values = rows.map(of).filter((value) => value !== null)
  const told = (value: number): string => (values.length === 0 ? NOTHING : say(value))
  return (
    <tr>
      <th scope="row" class="id" title={title}>
        {title}
      </th>
      <td class="number">{now === null ? NOTHING : say(now)}</td>
      <td class="number">{told(values.reduce((sum, value) => sum + value, 0) / values.length)}</td>
      <td class="number">{told(Math.min(...values))}</td>
      <td class="number">{told(Math.max(...values))}</td>
    </tr>
  )
}

function ofServer(id: string, { of, say }: PerServer): Column {
  return {
    title: id,
    say,
    of: ({ servers }) => {
      const point = servers.get(id)
      return point === undefined ? null : of(point)
    },
  }
}

function isColumns(table: PerServer | readonly Column[]): table is readonly Column[] {
  return Array.isArray(table)
}
