import { useRef } from 'preact/hooks'
import { told, value as valueOf } from '../figures.ts'
import type { AskBars, Case, Found, Unit } from '../lesson.ts'
import { NumberField } from './number-field.tsx'

interface BarsProps {
  readonly ask: AskBars
  readonly cases: readonly Case[]
  readonly unit: Unit
  readonly values: readonly number[]
  readonly found: Found | undefined
  readonly onValues: (values: readonly number[]) => void
}

/** A bar for each case, drawn with the pointer or by its number. */
export function Bars({ ask, cases, found, onValues, unit, values }: BarsProps) {
  const set = (at: number, next: number): void => {
    const rounded = Math.round(next / ask.step) * ask.step
    const kept = Math.max(0, Math.min(ask.top, Number(rounded.toFixed(6))))
    onValues(values.map((each, i) => (i === at ? kept : each)))
  }
  return (
    <ul class="bars">
      {ask.cases.map((id, at) => {
        const { does, label } = cases.find((each) => each.id === id)!
        const given = id === ask.given
        const figure = found?.[id]
        return (
          <li key={id} data-given={given || undefined}>
            <span class="what">
              <b>{label}</b>
              <span class="muted">{does}</span>
            </span>
            <Track
              ask={ask}
              value={given ? (figure?.mean ?? 0) : values[at]}
              onDraw={given ? undefined : (next) => set(at, next)}
            />
            {given ? (
              <output class="given">{figure === undefined ? '…' : told(figure, unit)}</output>
            ) : (
              <NumberField
                label={label}
                unit={unit}
                value={values[at]}
                top={ask.top}
                onValue={(next) => set(at, next)}
              />
            )}
          </li>
        )
      })}
      {ask.mark !== undefined && (
        <li class="bars-mark muted small">
          <i aria-hidden="true" /> {ask.mark.label}: {valueOf(ask.mark.at, unit)}
        </li>
      )}
    </ul>
  )
}

interface TrackProps {
  readonly ask: AskBars
  readonly value: number
  readonly onDraw: ((value: number) => void) | undefined
}

/** For the pointer only: whoever has none has the number beside it. */
function Track({ ask, onDraw, value }: TrackProps) {
  const track = useRef<HTMLDivElement>(null)
  const draw = ({ buttons, clientX }: PointerEvent): void => {
    if (onDraw === undefined || buttons === 0) return
    const { left, width } = track.current!.getBoundingClientRect()
    onDraw(((clientX - left) / width) * ask.top)
  }
  return (
    <div
      class="track"
      ref={track}
      onPointerDown={(event) => {
        track.current!.setPointerCapture(event.pointerId)
        draw(event)
      }}
      onPointerMove={draw}
    >
      <div class="fill" style={{ width: `${Math.min(100, (value / ask.top) * 100)}%` }} />
      {ask.mark !== undefined && (
        <i class="mark" style={{ left: `${(ask.mark.at / ask.top) * 100}%` }} />
      )}
    </div>
  )
}
