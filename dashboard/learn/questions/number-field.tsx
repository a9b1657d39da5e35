import type { Unit } from '../lesson.ts'

interface NumberFieldProps {
  readonly label: string
  readonly unit: Unit
  readonly value: number
  readonly top: number
  readonly onValue: (value: number) => void
}

/** A guess as a number. Shares are per cent. */
export function NumberField({ label, onValue, top, unit, value }: NumberFieldProps) {
  const scale = unit === 'share' ? 100 : 1
  return (
    <label class="number-field">
      <span class="unseen">Your guess for {label}</span>
      <input
        type="number"
        min={0}
        max={top * scale}
        step="any"
        value={Number((value * scale).toPrecision(3))}
        onChange={({ currentTarget }) => {
          const { valueAsNumber } = currentTarget
          if (Number.isFinite(valueAsNumber)) onValue(valueAsNumber / scale)
        }}
        onKeyDown={(event) => {
          const step = { ArrowUp: 1, ArrowDown: -1 }[event.key]
          if (step === undefined) return
          event.preventDefault()
          // A fiftieth of the axis: hundreds of presses are no fun.
          onValue(value + (step * top) / 50)
        }}
      />
      <span class="unit">{unit === 'share' ? '%' : unit === 'time' ? 'ms' : ''}</span>
    </label>
  )
}
