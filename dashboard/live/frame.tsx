import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { FigureTable, type Figures } from './figure-table.tsx'

interface FrameProps {
  readonly title: string
  readonly note?: string
  readonly readout?: ComponentChildren
  /** What the picture shows, in numbers. */
  readonly table: Figures
  readonly children: ComponentChildren
}

/** A chart with its head, and its numbers as a table for whoever prefers them. */
export function Frame({ children, note, readout, table, title }: FrameProps) {
  const [asTable, setAsTable] = useState(false)
  return (
    <section class="card chart" aria-label={title}>
      <div class="chart-head">
        <h2>{title}</h2>
        {note !== undefined && <p class="muted small">{note}</p>}
        <button
          class="quiet"
          aria-pressed={asTable}
          aria-label={`${title} as a table`}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? 'Chart' : 'Table'}
        </button>
      </div>
      {asTable ? (
        <FigureTable title={title} table={table} />
      ) : (
        <>
          <div class="readout">{readout}</div>
          {children}
        </>
      )}
    </section>
  )
}
