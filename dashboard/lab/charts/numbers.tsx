import './numbers.css'
import { useState } from 'preact/hooks'

export interface Table {
  readonly head: readonly string[]
  /** Each with its name first. */
  readonly rows: readonly (readonly string[])[]
}

interface NumbersProps {
  /** What they are of. */
  readonly label: string
  /** Asked for only while it is open: what is drawn changes often. */
  readonly table: () => Table
}

/** What is drawn beside it, in numbers, for whoever wants them. */
export function Numbers({ label, table }: NumbersProps) {
  const [open, setOpen] = useState(false)
  return (
    <details class="numbers" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary class="small muted">
        In numbers<span class="unseen">: {label}</span>
      </summary>
      {open && (
        <div class="scrolls" tabIndex={0} role="region" aria-label={`${label} in numbers`}>
          <Rows {...table()} />
        </div>
      )}
    </details>
  )
}

function Rows({ head, rows }: Table) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row" class="id">
              {name}
            </th>
            {cells.map((text, i) => (
              <td key={i}>{text}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
