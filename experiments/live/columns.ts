import { clip } from '../../simulator/format.ts'
import type { Tone } from '../../simulator/study/tone.ts'
import type { Paint } from './paint.ts'

export interface Column {
  title: string
  align: 'left' | 'right'
}

/** Columns that are aligned alike. */
export function columnsOf(align: Column['align'], ...titles: string[]): Column[] {
  return titles.map((title) => ({ title, align }))
}

/** A text, or one with a tone. */
export type Cell = string | { text: string; tone: Tone }

/**
 * A table of aligned columns without lines, as the tables of kubectl and docker: it copies well and needs little room. A
 * column is as wide as its widest cell; where that is too much, columns move together, and then the end is cut off.
 */
export function drawColumns(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paint: Paint,
): string[] {
  const widths = widthsOf(columns, rows)
  const all = widths.reduce((sum, each) => sum + each, 0)
  const gap = all + 2 * (columns.length - 1) <= width ? '  ' : ' '
  const header = columns.map((column): Cell => ({ text: column.title, tone: 'faint' }))
  return [header, ...rows].map((row) => {
    let line = ''
    let room = width
    for (let i = 0; i < columns.length && room > 0; i++) {
      const cell = row[i] ?? ''
      const last = i === columns.length - 1
      let text = textOf(cell)
      if (columns[i].align === 'right') text = text.padStart(widths[i])
      else if (!last) text = text.padEnd(widths[i])
      text = clip(text, room)
      line += paint(typeof cell === 'string' ? 'plain' : cell.tone, text)
      room -= text.length
      if (!last && room > gap.length) {
        line += gap
        room -= gap.length
      }
    }
    return line.trimEnd()
  })
}

/** How wide a table is when nothing moves together. */
export function widthOf(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number {
  return widthsOf(columns, rows).reduce((sum, each) => sum + each, 2 * (columns.length - 1))
}

function widthsOf(columns: readonly Column[], rows: readonly (readonly Cell[])[]): number[] {
  return columns.map((column, i) =>
    Math.max(column.title.length, ...rows.map((row) => textOf(row[i] ?? '').length)),
  )
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}
