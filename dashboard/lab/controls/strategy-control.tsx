import { useId, useState } from 'preact/hooks'
import { findStrategy, STRATEGIES } from '../../../proxy/strategies/index.ts'
import { changeStrategies, setup } from '../lab.ts'
import { MOST_LANES } from '../setup/setup.ts'
import { readStrategy } from '../setup/strategy-text.ts'
import { Popover } from './popover.tsx'

/** The name of a lane: which strategy it is, and with what options. */
export function StrategyControl({ place }: { readonly place: number }) {
  const { strategies } = setup.value
  const text = strategies[place] ?? ''
  return (
    <>
      <h3 class="id strategy-name">
        <Popover look="strategy" label={`Strategy ${place + 1}: ${text}`} words={text}>
          {(close) => <Choice place={place} text={text} close={close} />}
        </Popover>
      </h3>
      {strategies.length > 1 && (
        <button
          type="button"
          class="quiet"
          aria-label={`Take ${text} out`}
          onClick={() => changeStrategies(strategies.filter((_, i) => i !== place))}
        >
          ×
        </button>
      )}
    </>
  )
}

interface ChoiceProps {
  readonly place: number
  readonly text: string
  readonly close: () => void
}

function Choice({ close, place, text }: ChoiceProps) {
  const { strategies } = setup.value
  const id = useId()
  const [typed, setTyped] = useState(text)
  const [fault, setFault] = useState('')
  const name = typed.replace(/\{.*$/s, '').trim()
  const entry = findStrategy(name)
  const take = (given: string): boolean => {
    const read = readStrategy(given)
    if ('fault' in read) setFault(read.fault)
    else if (strategies.some((each, i) => each === read.label && i !== place))
      setFault('it runs in another lane already')
    else {
      setFault('')
      return changeStrategies(strategies.map((each, i) => (i === place ? read.label : each)))
    }
    return false
  }
  return (
    <>
      <label for={`${id}s`}>Strategy</label>
      <select
        id={`${id}s`}
        value={entry?.name ?? ''}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          take(value)
        }}
      >
        {STRATEGIES.map(({ name: each }) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
      <span class="small muted">{entry?.summary ?? 'no such strategy'}</span>
      <label for={`${id}t`}>With its options</label>
      <input
        id={`${id}t`}
        class="id"
        value={typed}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={fault !== ''}
        aria-describedby={`${id}o`}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        onChange={({ currentTarget }) => take(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          // Else it would press the button that has the focus next.
          event.preventDefault()
          if (take(event.currentTarget.value)) close()
        }}
      />
      <span class="small muted" id={`${id}o`}>
        {fault !== '' && <b class="fault">{fault}</b>}
        {optionsInWords(name)}
      </span>
    </>
  )
}

function optionsInWords(name: string): string {
  const options = Object.entries(findStrategy(name)?.options ?? {})
  if (options.length === 0) return 'It has no options.'
  return options.map(([key, { range }]) => `${key}: ${range}`).join('; ')
}

/** One lane more, with the first of the usual strategies that does not run yet. */
export function AddStrategy() {
  const { strategies } = setup.value
  if (strategies.length >= MOST_LANES) return null
  const next = ['least_connections', 'power_of_two', 'round_robin', 'random', 'peak_ewma'].find(
    (name) => !strategies.includes(name),
  )
  return (
    <button
      type="button"
      class="add-lane"
      onClick={() => changeStrategies([...strategies, next ?? 'edf'])}
    >
      + another strategy
    </button>
  )
}
