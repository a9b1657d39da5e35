import { useState } from 'preact/hooks'
import type { EventSpec } from '../../../simulator/scenario.ts'
import type { Change } from '../../race/race.ts'
import { changeScenario, setup } from '../lab.ts'
import { altered } from '../sentence/part.ts'
import { singlesOf } from '../sentence/servers.ts'
import { clock } from '../transport.tsx'
import { eventInWords } from './state-at.ts'

const MOST_SHOWN = 12

const KINDS: readonly (readonly [name: string, words: string, make: (id: string) => Change])[] = [
  ['slow', 'gets five times slower', (id) => ({ server: id, set: { speed: 0.2 } })],
  ['well', 'is as fast as ever', (id) => ({ server: id, set: { speed: 1, failure: { rate: 0 } } })],
  [
    'fail',
    'fails at once, always',
    (id) => ({ server: id, set: { failure: { rate: 1, after: 1, status: 503 } } }),
  ],
  ['pause', 'stands still for 5 s', (id) => ({ server: id, pause: 5000 })],
  ['outage', 'refuses connections', (id) => ({ server: id, outage: 'refuse' })],
  ['hang', 'hangs', (id) => ({ server: id, outage: 'hang' })],
  ['back', 'can be reached again', (id) => ({ server: id, outage: false })],
  ['restart', 'restarts, for 3 s', (id) => ({ server: id, restart: 3000 })],
  ['drain', 'is drained', (id) => ({ server: id, operator: { admin: 'drain' } })],
  ['remove', 'is taken away', (id) => ({ remove: id })],
  ['add', '(another server) comes', () => ({ add: {} })],
  ['double', '(nobody) — traffic doubles', () => ({ traffic: 2 })],
  ['single', '(nobody) — traffic as before', () => ({ traffic: 1 })],
]

/** What happens on the way, in order of time. */
export function Events() {
  const { scenario } = setup.value
  const { duration, events = [] } = scenario
  const ids = singlesOf(scenario).map(({ id }) => id)
  const [at, setAt] = useState(10)
  const [who, setWho] = useState('')
  const [what, setWhat] = useState('slow')
  const server = ids.includes(who) ? who : ids[ids.length - 1]
  const change = (next: readonly EventSpec[]): boolean =>
    changeScenario(altered(scenario, { events: next.length === 0 ? undefined : next }))
  const sorted = events.map((event, place) => ({ event, place }))
  sorted.sort((a, b) => a.event.at - b.event.at)
  return (
    <>
      {events.length === 0 && <p class="small muted">Nothing happens on the way, so far.</p>}
      <ol class="event-list">
        {sorted.slice(0, MOST_SHOWN).map(({ event, place }) => (
          <li key={place}>
            <span class="event-time">{clock(event.at)}</span>
            <span>
              {eventInWords(event)}
              {event.every !== undefined && (
                <span class="muted small"> every {clock(event.every)}</span>
              )}
            </span>
            <button
              type="button"
              class="quiet"
              aria-label={`Take back: ${eventInWords(event)} at ${clock(event.at)}`}
              onClick={() => change(events.filter((_, i) => i !== place))}
            >
              ×
            </button>
          </li>
        ))}
      </ol>
      {events.length > MOST_SHOWN && (
        <p class="small muted">And {events.length - MOST_SHOWN} more.</p>
      )}
      <form
        class="add-event"
        onSubmit={(event) => {
          event.preventDefault()
          const make = KINDS.find(([name]) => name === what)![2]
          change([...events, { ...make(server), at: at * 1000 }])
        }}
      >
        <label>
          <span>At</span>
          <input
            type="number"
            aria-label="When, in seconds"
            min={0}
            max={duration / 1000 - 0.001}
            step="any"
            value={at}
            onInput={({ currentTarget }) => setAt(currentTarget.valueAsNumber || 0)}
          />
          <span class="unit">s</span>
        </label>
        <select
          aria-label="Which server"
          value={server}
          onChange={({ currentTarget }) => setWho(currentTarget.value)}
        >
          {ids.slice(0, 200).map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
        <select
          aria-label="What happens"
          value={what}
          onChange={({ currentTarget }) => setWhat(currentTarget.value)}
        >
          {KINDS.map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
        <button type="submit">Add</button>
      </form>
    </>
  )
}
