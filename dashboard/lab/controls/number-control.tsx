import { useId } from 'preact/hooks'
import { rounded } from '../sentence/part.ts'
import { Popover } from './popover.tsx'

/** What a `NumberPart` says of its number. */
export interface NumberControlProps {
  readonly label: string
  readonly value: number
  readonly unit: string
  readonly words?: string
  readonly min: number
  readonly max: number
  readonly limit?: number
  readonly whole?: boolean
  readonly log?: boolean
  readonly onValue: (value: number) => void
}

/** How many steps a slider has that goes in proportions. */
const STEPS = 120

/** A number in a sentence: it opens a slider, and a field for whoever knows it exactly. */
export function NumberControl(props: NumberControlProps) {
  const { label, unit, value, words } = props
  const said = words ?? number(value)
  const full = words === undefined && unit !== '' ? `${said} ${unit}` : said
  return (
    <Popover
      look="number"
      label={`${label}: ${full}`}
      words={
        <>
          {said}
          {words === undefined && unit !== '' && <span class="unit"> {unit}</span>}
        </>
      }
    >
      {(close) => <Fields {...props} close={close} />}
    </Popover>
  )
}

function Fields(props: NumberControlProps & { readonly close: () => void }) {
  const { close, label, limit, log = false, max, min, onValue, unit, value, whole = false } = props
  const id = useId()
  const take = (given: number): void => {
    if (!Number.isFinite(given)) return
    const most = limit ?? max
    const kept = Math.min(most, Math.max(min, given))
    onValue(whole ? Math.round(kept) : kept)
  }
  const slider = log
    ? { min: 0, max: STEPS, step: 1, value: stepOf(value, min, max) }
    : { min, max, step: whole ? 1 : 'any', value: Math.min(max, value) }
  return (
    <>
      <label for={id}>{label}</label>
      <span class="field">
        <input
          id={id}
          type="number"
          min={min}
          max={limit ?? max}
          step="any"
          value={value}
          onChange={({ currentTarget }) => take(currentTarget.valueAsNumber)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            // Else it would press the button that has the focus next.
            event.preventDefault()
            take(event.currentTarget.valueAsNumber)
            close()
          }}
        />
        {unit !== '' && <span class="unit">{unit}</span>}
      </span>
      <input
        type="range"
        aria-label={`${label}, as a slider`}
        {...slider}
        onInput={({ currentTarget }) => {
          const given = currentTarget.valueAsNumber
          take(log ? valueOf(given, min, max, whole) : rounded(given))
        }}
      />
    </>
  )
}

function stepOf(value: number, min: number, max: number): number {
  const low = Math.max(min, max / 100_000)
  if (value <= low) return 0
  return Math.round((Math.log(value / low) / Math.log(max / low)) * STEPS)
}

function valueOf(step: number, min: number, max: number, whole: boolean): number {
  if (step === 0) return min
  const low = Math.max(min, max / 100_000)
  return rounded(low * (max / low) ** (step / STEPS), whole ? 4 : 2)
}

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

function number(value: number): string {
  return value >= 1000 && Number.isInteger(value) ? whole.format(value) : String(value)
}
